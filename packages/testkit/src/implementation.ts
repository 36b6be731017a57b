/**
 * The parts of a JavaScript implementation of Cap'n Web that the kit needs: classes with the names
 * that `capnweb` exports. They are untyped, because the same programs have to run on any
 * implementation.
 *
 * @example
 * ```ts
 * import * as capnweb from "@capnweb/compat";
 * const implementation = capnweb as unknown as Implementation;
 * ```
 */
export interface Implementation {
  readonly RpcTarget: new () => object;
  readonly RpcStub: new (value: unknown) => any;
  readonly RpcPromise: new (promise: PromiseLike<unknown>) => any;
  readonly RpcSession: new (transport: any, main?: unknown, options?: any) => Session;
}

/** The part of a session that the kit needs. */
export interface Session {
  /** Returns the stub of the peer's main object. */
  getRemoteMain(): any;
  /** Returns the sizes of the session's tables. */
  getStats(): SessionStats;
}

/**
 * The number of references that a side of a session holds. 1 and 1 mean that only the main objects
 * are left.
 */
export interface SessionStats {
  /** The references to the peer's objects, its main object included. */
  readonly imports: number;
  /** The peer's references to this side's objects, the main object included. */
  readonly exports: number;
}
