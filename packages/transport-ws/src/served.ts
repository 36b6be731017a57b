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
