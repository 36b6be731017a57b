import { runtime, runtimeWith } from "./default-runtime.ts";
import type { RpcSessionOptions } from "./session/options.ts";
import { PullTransport } from "./session/pull-transport.ts";
import { Session } from "./session/session.ts";
import type { AnyRpcTransport, Transport } from "./transport.ts";
import type { RpcCompatible, RpcStub } from "./types/index.ts";

/** The numbers of references that each side of a session holds; see {@link RpcSession.getStats}. */
export interface RpcSessionStats {
  /** Imports of this side: the peer's main object, stubs, and pending results. */
  imports: number;
  /** Exports of this side: its main object, and all that the peer has stubs or pending calls of. */
  exports: number;
}

/** The session behind an {@link RpcSession}; for this package only. */
export let innerSession: (session: RpcSession<any>) => Session;

/**
 * A connection to a peer, over any transport. The functions that the transport packages offer make
 * one; use the class for a transport of your own.
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
export class RpcSession<T extends RpcCompatible<T> = undefined> {
  static {
    innerSession = (session) => session.#session;
  }

  readonly #session: Session;
  #main: RpcStub<T> | undefined;

  /**
   * @param transport push style ({@link Transport}), or pull style as `capnweb` defines it
   * @param localMain what the peer gets as its main stub. The session owns it: its
   *   `[Symbol.dispose]()` runs when the session ends
   */
  constructor(
    transport: Transport | AnyRpcTransport,
    localMain?: unknown,
    options: RpcSessionOptions = {},
  ) {
    this.#session = new Session(
      runtimeWith(options.types),
      "start" in transport ? transport : new PullTransport(transport),
      localMain,
      options,
    );
  }

  /** The stub of the peer's main object: the same each time. Disposing of it ends the session. */
  getRemoteMain(): RpcStub<T> {
    this.#main ??= runtime.makeStub(this.#session.main()) as RpcStub<T>;
    return this.#main;
  }

  /** The sizes of the session's tables. Both are 1 where nothing but the main objects is held. */
  getStats(): RpcSessionStats {
    return { imports: this.#session.imports.size, exports: this.#session.exports.size };
  }

  /**
   * Resolves once every result that the peer asked for has been handed to the transport.
   *
   * @throws the reason, if the session ends before that
   */
  drain(): Promise<void> {
    const drained = new Promise<void>((resolve, reject) => {
      this.#session.answers.whenDrained((over) => (over ? reject(over.error) : resolve()));
    });
    // A caller that doesn't look hears of the end otherwise.
    drained.catch(() => {});
    return drained;
  }
}
