import { runtimeWith } from "./default-runtime.ts";
import { ALL_SERVICES } from "./session/all-services.ts";
import { BaseSession, partsOf, tellStarted } from "./session/base-session.ts";
import { whenDrained } from "./session/draining.ts";
import type { RpcSessionOptions } from "./session/options.ts";
import { PullTransport } from "./session/pull-transport.ts";
import { Session } from "./session/session.ts";
import type { AnyRpcTransport, Transport } from "./transport.ts";
import type { RpcCompatible } from "./types/index.ts";

/** Returns the session behind an {@link RpcSession}. For this package only. */
export function innerSession(session: RpcSession<any>): Session {
  return partsOf(session) as Session;
}

/**
 * A connection to a peer, over any transport. The functions of the transport packages start
 * sessions for you; use this class for a transport of your own.
 *
 * The session lives until the transport closes, either side fails, or its main stub is disposed of.
 *
 * @typeParam T the peer's main object
 *
 * @example
 * ```ts
 * const session = new RpcSession<Api>(transport, new MyMain());
 * using api = session.getRemoteMain();
 * console.log(await api.greet("world"));
 * ```
 */
export class RpcSession<T extends RpcCompatible<T> = undefined> extends BaseSession<T> {
  /**
   * @param transport push style ({@link Transport}), or pull style as `capnweb` defines it
   * @param localMain the peer's main object. The session owns it: its `[Symbol.dispose]()` runs
   *   when the session ends
   */
  constructor(
    transport: Transport | AnyRpcTransport,
    localMain?: unknown,
    options: RpcSessionOptions = {},
  ) {
    const push = "start" in transport ? transport : new PullTransport(transport);
    const session = new Session(runtimeWith(options.types), ALL_SERVICES, push, localMain, options);
    super(session);
    tellStarted(this, options);
  }

  /**
   * Resolves once every result that the peer asked for has been handed to the transport.
   *
   * @throws the reason, if the session ends before that
   */
  drain(): Promise<void> {
    const drained = new Promise<void>((resolve, reject) => {
      whenDrained(innerSession(this), (over) => (over ? reject(over.error) : resolve()));
    });
    // A program that ignores the promise learns of the end elsewhere.
    drained.catch(() => {});
    return drained;
  }
}
