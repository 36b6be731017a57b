import { runtime } from "./default-runtime.ts";
import type * as types from "./types/index.ts";

/** See the type of the same name. */
export type RpcStub<T> = types.RpcStub<T>;
/** Makes stubs of what lives here; works without any session. */
export const RpcStub = runtime.RpcStub as unknown as RpcStubConstructor;

/** See the type of the same name. */
export type RpcPromise<T> = types.RpcPromise<T>;
/** Makes promises that calls can be made on before they settle; works without any session. */
export const RpcPromise = runtime.RpcPromise as unknown as RpcPromiseConstructor;

// Beside the aliases above, not with the other types: TypeScript infers `T` from an annotation only
// if the annotation and the constructor's result are instances of one alias.

/** The class of stubs, as a value. */
export interface RpcStubConstructor {
  /**
   * Makes a stub of something of this process, which works as one of a peer's would: a target or
   * function by reference, anything else as a value. Takes over the target: its
   * `[Symbol.dispose]()` runs when the last stub is gone.
   */
  new <T>(value: T): RpcStub<T>;
  readonly prototype: types.StubMembers<unknown>;
}

/** The class of promises, as a value. */
export interface RpcPromiseConstructor {
  /**
   * Makes a promise on which calls can be made before it settles; they are kept in order and made
   * then. Owns the value that `promise` resolves to.
   *
   * @typeParam T the value's type. A promise of a stub of `T` may be given as well
   */
  new <T>(promise: PromiseLike<T>): RpcPromise<types.Behind<T>>;
  new <T>(promise: PromiseLike<T | types.StubBrand<T>>): RpcPromise<types.Behind<T>>;
  readonly prototype: types.StubMembers<unknown>;
}
