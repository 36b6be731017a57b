import type { RpcCompatible, RpcSession, RpcStub } from "@capnweb/core";

/**
 * A session that a server has just started, as handed to the function that makes its main object.
 *
 * @typeParam T the client's main object
 */
export interface Served<T extends RpcCompatible<T> = undefined> {
  /**
   * The stub of the client's main object, for calls to the client. You may keep it; disposing of it
   * ends the session.
   */
  readonly client: RpcStub<T>;
  /** The session itself, for its statistics and `drain()`. */
  readonly session: RpcSession<T>;
}

/**
 * A session just started for a request, as handed to the function that makes its main object.
 *
 * @typeParam T the client's main object
 * @typeParam C the context that `authorize` gives
 */
export interface ServedRequest<T extends RpcCompatible<T> = undefined, C = unknown>
  extends Served<T> {
  /** The context that `authorize` gave for the request. */
  readonly context: C;
}
