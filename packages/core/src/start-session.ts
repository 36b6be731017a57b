import { runtime, runtimeWith } from "./default-runtime.ts";
import type { RpcSessionOptions } from "./session/options.ts";
import { Session } from "./session/session.ts";
import type { Transport } from "./transport.ts";
import type { RpcCompatible, RpcStub } from "./types/index.ts";

/**
 * Starts a session over a push-style transport: what the functions of the transport packages do. It
 * is what `RpcSession` does, without what only pull-style transports and statistics need, so that a
 * bundler leaves these out.
 *
 * @typeParam T the peer's main object
 * @param localMain what the peer gets as its main stub; the session owns it
 * @returns the stub of the peer's main object. Disposing of it ends the session
 *
 * @example
 * ```ts
 * const connect = (port: MessagePort) => startSession<Api>(new MyTransport(port));
 * ```
 */
export function startSession<T extends RpcCompatible<T> = undefined>(
  transport: Transport,
  localMain?: unknown,
  options: RpcSessionOptions = {},
): RpcStub<T> {
  const session = new Session(runtimeWith(options.types), transport, localMain, options);
  return runtime.makeStub(session.main()) as RpcStub<T>;
}
