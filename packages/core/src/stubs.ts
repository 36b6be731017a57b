import { runtime } from "./default-runtime.ts";
import type * as types from "./types/index.ts";

/** The type of stubs; see the type of the same name in `types`. */
export type RpcStub<T> = types.RpcStub<T>;
/** Makes stubs of values in this process. Works without a session. */
export const RpcStub = runtime.RpcStub as unknown as RpcStubConstructor;

/** The type of stubs; see the type of the same name in `types`. */
export type RpcPromise<T> = types.RpcPromise<T>;
/** Makes promises on which calls can be made before they settle. Works without a session. */
export const RpcPromise = runtime.RpcPromise as unknown as RpcPromiseConstructor;

// Beside the aliases above, not with the other types: TypeScript infers `T` from an annotation only
// if the annotation and the constructor's result are instances of one alias.

/** The class of stubs, as a value. */
export interface RpcStubConstructor {
  /**
   * Makes a stub of a value of this process, which works as a peer's stub would. A target or
   * function goes by reference, anything else by value. Takes over a target: its
   * `[Symbol.dispose]()` runs when the last stub is gone.
   */
  new <T>(value: T): RpcStub<T>;
  readonly prototype: types.StubMembers<unknown>;
}

/** The class of promises, as a value. */
export interface RpcPromiseConstructor {
  /**
   * Makes a promise on which calls can be made before it settles. They are kept in order until
   * then. Owns the value that `promise` resolves to.
   *
   * @typeParam T the value's type, or that of a stub of `T`
   */
  new <T>(promise: PromiseLike<T>): RpcPromise<types.Behind<T>>;
  new <T>(promise: PromiseLike<T | types.StubBrand<T>>): RpcPromise<types.Behind<T>>;
  readonly prototype: types.StubMembers<unknown>;
}
