import { runtimeWith } from "./default-runtime.ts";
import { ALL_SERVICES } from "./session/all-services.ts";
import { BaseSession, tellStarted } from "./session/base-session.ts";
import type { RpcSessionOptions } from "./session/options.ts";
import { Session } from "./session/session.ts";
import type { Transport } from "./transport.ts";
import type { RpcCompatible, RpcStub } from "./types/index.ts";

/**
 * Starts a session over a push-style transport, as the functions of the transport packages do. It
 * does the same as `RpcSession`, without the code that only pull-style transports need, so that a
 * bundler leaves it out. The option `onSession` gives access to the session itself.
 *
 * @typeParam T the peer's main object
 * @param transport carries the messages; the session owns it
 * @param localMain the peer's main object; the session owns it
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
  const session = new BaseSession<T>(
    new Session(runtimeWith(options.types), ALL_SERVICES, transport, localMain, options),
  );
  tellStarted(session, options);
  return session.getRemoteMain();
}
