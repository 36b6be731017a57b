import type { AnyStub, IsAny, StubBrand } from "./brands.ts";
import type { Mappable } from "./mapping.ts";
import type { Pipelinable, StubMembers, UnknownMembers } from "./members.ts";
import type { Awaitable } from "./result.ts";

/** The type that a stub or promise of `T` gives access to: stubs and promises are seen through. */
export type Behind<T> =
  T extends AnyStub<infer U> ? Behind<U> : T extends PromiseLike<infer U> ? Behind<U> : T;

/**
 * A reference to something that lives elsewhere, on which its methods can be called and its
 * properties read: each gives an {@link RpcPromise}.
 *
 * The receiver of a stub disposes of it, with `using` or `[Symbol.dispose]()`. Stubs passed as
 * arguments stay the caller's.
 *
 * @typeParam T the interface or class behind it, or a function's type; with `any`, every member is
 *   there
 */
export type RpcStub<T> =
  IsAny<T> extends true
    ? UnknownMembers & StubMembers<any> & Mappable<any>
    : Pipelinable<Behind<T>> & StubMembers<Behind<T>> & Mappable<Behind<T>>;

/**
 * The result of a call, or a property, that may not be there yet. Awaiting it fetches it; until
 * then, calls can be made on it, and it can be passed as an argument, without waiting.
 *
 * A promise that isn't awaited never costs a result on the wire. Dispose of one to cancel the call.
 *
 * @typeParam T the result of the peer's method: targets and functions in it arrive as stubs
 */
export type RpcPromise<T> =
  IsAny<T> extends true
    ? Promise<any> & UnknownMembers & StubMembers<any> & Mappable<any>
    : [T] extends [never]
      ? FailingPromise
      : PromiseOf<T>;

type PromiseOf<T> = Promise<Awaitable<T>> &
  Pipelinable<Behind<T>> &
  StubMembers<Behind<T>> &
  Mappable<Behind<T>>;

/** The result of a method that never returns: there is nothing to pipeline on. */
type FailingPromise = Promise<never> & StubMembers<unknown>;

/** The class of stubs, as a value. */
export interface RpcStubConstructor {
  /**
   * Makes a stub of something of this process, which works as one of a peer's would: a target or
   * function by reference, anything else as a value. Takes over the target: its
   * `[Symbol.dispose]()` runs when the last stub is gone.
   */
  new <T>(value: T): RpcStub<T>;
  readonly prototype: StubMembers<unknown>;
}

/** The class of promises, as a value. */
export interface RpcPromiseConstructor {
  /**
   * Makes a promise on which calls can be made before it settles; they are kept in order and made
   * then. Owns the value that `promise` resolves to.
   *
   * @typeParam T the value's type. A promise of a stub of `T` may be given as well
   */
  new <T>(promise: PromiseLike<T>): RpcPromise<Behind<T>>;
  new <T>(promise: PromiseLike<T | StubBrand<T>>): RpcPromise<Behind<T>>;
  readonly prototype: StubMembers<unknown>;
}
