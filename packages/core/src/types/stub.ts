import type { AnyStub } from "./brands.ts";
import type { Mappable } from "./mapping.ts";
import type { Pipelinable, StubMembers } from "./members.ts";
import type { Awaitable } from "./result.ts";

/** The type that a stub or promise of `T` gives access to. Looks through stubs and promises. */
export type Behind<T> =
  T extends AnyStub<infer U> ? Behind<U> : T extends PromiseLike<infer U> ? Behind<U> : T;

/**
 * A reference to an object elsewhere. Calling its methods or reading its properties gives an
 * {@link RpcPromise} each time.
 *
 * The receiver of a stub disposes of it, with `using` or `[Symbol.dispose]()`. Stubs that you pass
 * as arguments stay yours.
 *
 * @typeParam T the interface or class behind it, or a function's type; with `any`, every member
 *   exists
 */
export type RpcStub<T> = Pipelinable<Behind<T>> & StubMembers<Behind<T>> & Mappable<Behind<T>>;

/**
 * The result of a call, or a property, that may not have arrived yet. Awaiting it fetches it. Until
 * then, calls can be made on it, and it can be passed as an argument, without waiting.
 *
 * The result of a promise that isn't awaited never crosses the wire. Dispose of a promise to cancel
 * its call.
 *
 * @typeParam T the result of the peer's method. Its targets and functions arrive as stubs
 */
export type RpcPromise<T> = Promise<Awaitable<T>> &
  Pipelinable<Behind<T>> &
  StubMembers<Behind<T>> &
  Mappable<Behind<T>>;

/** The promise of a result `T`. A method that never returns gives nothing to pipeline on. */
export type ResultPromise<T> = [T] extends [never] ? FailingPromise : RpcPromise<T>;

type FailingPromise = Promise<never> & StubMembers<unknown>;
