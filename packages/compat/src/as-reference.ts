import { type RpcSessionOptions, resolveLimits } from "@capnweb/core";

/**
 * Options that make our sessions behave as those of `capnweb` do where our defaults are stricter.
 */
const AS_REFERENCE = {
  errorProperties: "all",
} as const satisfies RpcSessionOptions;

/** Merges an application's options over the reference's behaviour. */
export function asReference<O extends object>(options: O | undefined): O & RpcSessionOptions {
  return { ...AS_REFERENCE, ...options } as O & RpcSessionOptions;
}

/** The same for a server. `capnweb` gives servers the limits of clients. */
export function asReferenceServer<O extends RpcSessionOptions>(options: O): O & RpcSessionOptions {
  return { ...asReference(options), limits: resolveLimits(options.limits, "client") };
}
