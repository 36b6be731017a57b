import type { AnyStub } from "./brands.ts";
import type { Mappable } from "./mapping.ts";
import type { Pipelinable, StubMembers } from "./members.ts";
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
export type RpcStub<T> = Pipelinable<Behind<T>> & StubMembers<Behind<T>> & Mappable<Behind<T>>;

/**
 * The result of a call, or a property, that may not be there yet. Awaiting it fetches it; until
 * then, calls can be made on it, and it can be passed as an argument, without waiting.
 *
 * A promise that isn't awaited never costs a result on the wire. Dispose of one to cancel the call.
 *
 * @typeParam T the result of the peer's method: targets and functions in it arrive as stubs
 */
export type RpcPromise<T> = Promise<Awaitable<T>> &
  Pipelinable<Behind<T>> &
  StubMembers<Behind<T>> &
  Mappable<Behind<T>>;

/** The promise of a result `T`: of a method that never returns, there is nothing to pipeline on. */
export type ResultPromise<T> = [T] extends [never] ? FailingPromise : RpcPromise<T>;

type FailingPromise = Promise<never> & StubMembers<unknown>;
