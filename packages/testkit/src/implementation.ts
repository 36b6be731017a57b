/**
 * What the kit needs of an implementation of Cap'n Web in JavaScript: the classes that `capnweb`
 * exports, under the same names. Untyped, since the same programs have to run on any of them.
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

/** What the kit needs of a session. */
export interface Session {
  getRemoteMain(): any;
  getStats(): SessionStats;
}

/** How many references a side of a session holds; 1 and 1 where only the main objects are left. */
export interface SessionStats {
  readonly imports: number;
  readonly exports: number;
}
