import { type RpcSessionOptions, resolveLimits } from "@capnweb/core";

/** Options by which sessions do what those of `capnweb` do, where ours have stricter defaults. */
const AS_REFERENCE = {
  errorProperties: "all",
} as const satisfies RpcSessionOptions;

/** An application's options, with the reference's behaviour where they say nothing. */
export function asReference<O extends object>(options: O | undefined): O & RpcSessionOptions {
  return { ...AS_REFERENCE, ...options } as O & RpcSessionOptions;
}

/** The same for a server, which has the limits of clients, as `capnweb` does. */
export function asReferenceServer<O extends RpcSessionOptions>(options: O): O & RpcSessionOptions {
  return { ...asReference(options), limits: resolveLimits(options.limits, "client") };
}
