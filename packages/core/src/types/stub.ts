import type { AnyFunction, IsAny, StubBrand, TargetBrand } from "./brands.ts";
import type { PassableList } from "./params.ts";
import type { Awaitable } from "./result.ts";
import type { CannotTravel, Value } from "./values.ts";

/** The members that a stub has itself, whatever is behind it. */
export interface StubMembers<T> extends StubBrand<T>, Disposable {
  /**
   * A stub of its own for the same thing: it works until it is disposed itself. What a method gets
   * as an argument is disposed when it returns; `dup()` is how it keeps a stub for later.
   */
  dup(): RpcStub<T>;

  /**
   * Calls `callback` once when the stub can't work any more: its session ended, or what it stands
   * for failed. Registering doesn't keep anything alive.
   *
   * @returns a function that unregisters
   */
  onRpcBroken(callback: (error: any) => void): () => void;
}

/** A member of what a stub stands for, as the stub's user sees it. */
type Member<V> =
  IsAny<V> extends true
    ? any
    : [Extract<V, AnyFunction>] extends [never]
      ? RpcPromise<V>
      : Method<V>;

/** A method can be called; what it is a property of need not be there yet. */
type Method<V> = Callable<Extract<V, AnyFunction>> & StubMembers<Extract<V, AnyFunction>>;

/**
 * Parameters and result are inferred by themselves, so that they are looked at only where the method is
 * called: they may be stubs of what the method is a member of.
 */
type Callable<F> = F extends AnyFunction
  ? (...args: PassableList<ParametersOf<F>>) => RpcPromise<Awaited<ResultOf<F>>>
  : unknown;

type ParametersOf<F> = F extends (...args: infer A) => any ? A : never;
type ResultOf<F> = F extends (...args: any) => infer R ? R : never;

/** The names that a stub or promise answers itself. */
type OwnNames = keyof StubMembers<unknown> | "map" | "then" | "catch" | "finally";

/** The properties and methods of `T` that calls can be pipelined to. */
type Members<T> = T extends readonly (infer E)[]
  ? Elements<T> & { readonly [index: number]: Member<E>; readonly length: RpcPromise<number> }
  : T extends object
    ? { readonly [K in keyof T as Exclude<K, OwnNames | symbol>]-?: Member<T[K]> }
    : unknown;

/** The elements that a tuple has a type of its own for: `"0"`, `"1"`, … are keys of tuples only. */
type Elements<T extends readonly unknown[]> = {
  readonly [K in keyof T as Extract<K, `${number}`>]-?: Member<T[K]>;
};

/** What a promise or stub of a stub stands for is the same thing. */
type Behind<T> = T extends StubBrand<infer U> ? U : T;

/** Where something may be missing, its members are still there to be pipelined to. */
type Pipelinable<T> = [NonNullable<T>] extends [never]
  ? unknown
  : Callable<NonNullable<T>> & Members<NonNullable<T>>;

/** What `map()` gives its callback: an element of an array, or what is there if it isn't one. */
type Mapped<T> = NonNullable<T> extends readonly (infer E)[] ? E : NonNullable<T>;

/** The result of mapping: one for each element of an array, and nothing for nothing. */
type MapResult<T, V> =
  | (NonNullable<T> extends readonly unknown[] ? V[] : V)
  | Extract<T, null | undefined>;

/** Refuses callbacks that give a promise other than those of calls. */
type NotAsync<V> =
  V extends StubBrand<any>
    ? unknown
    : V extends PromiseLike<any>
      ? { error: "A map() callback can't be async: it is recorded, not run where the values are." }
      : unknown;

interface Mappable<T> {
  /**
   * Applies `callback` where the value is, in the same round trip: to each element if it is an
   * array, not at all if it is `null` or `undefined`, else to the value.
   *
   * The callback runs once, here, with a placeholder; what it does with it is recorded and sent.
   * It must be synchronous, can't look at the value, and may use stubs from outside.
   *
   * @throws MapError where the callback does what can't be recorded, or what the callback throws
   *
   * @example
   * ```ts
   * const names = await api.listUserIds().map((id) => api.getUser(id).name);
   * ```
   */
  map<V>(
    callback: ((value: RpcPromise<Mapped<T>>) => V) & NotAsync<V>,
  ): RpcPromise<MapResult<T, Unpromised<V>>>;
}

/** What a callback's result is once the promises in it have been filled in. */
type Unpromised<V> =
  V extends StubBrand<infer U>
    ? U
    : V extends readonly unknown[] | Record<string, unknown>
      ? { [K in keyof V]: Unpromised<V[K]> }
      : V;

/**
 * A reference to something that lives elsewhere, on which its methods can be called and its
 * properties read: each gives an {@link RpcPromise}.
 *
 * Whoever was handed a stub disposes of it, with `using` or `[Symbol.dispose]()`. Stubs passed as
 * arguments stay the caller's.
 *
 * @typeParam T the interface or class behind it, or a function's type
 */
export type RpcStub<T> =
  IsAny<T> extends true
    ? any
    : Pipelinable<Behind<T>> & StubMembers<Behind<T>> & Mappable<Behind<T>>;

/**
 * The result of a call, or a property, that may not be there yet. Awaiting it fetches it; until
 * then, calls can be made on it, and it can be passed as an argument, without waiting.
 *
 * A promise that isn't awaited never costs a result on the wire. Dispose of one to cancel the call.
 *
 * @typeParam T what the peer's method returns: targets and functions in it arrive as stubs
 */
export type RpcPromise<T> =
  IsAny<T> extends true ? any : [T] extends [never] ? FailingPromise : PromiseOf<T>;

type PromiseOf<T> = Promise<Awaitable<T>> &
  Pipelinable<Behind<T>> &
  StubMembers<Behind<T>> &
  Mappable<Behind<T>>;

/** The result of a method that never returns: there is nothing to pipeline on. */
type FailingPromise = Promise<never> & StubMembers<unknown>;

/**
 * The constraint on what a session's main object may be: `T extends RpcCompatible<T>` refuses what
 * can't travel.
 */
export type RpcCompatible<T> =
  | Value
  | TargetBrand
  | AnyFunction
  | { [K in keyof T]: T extends CannotTravel ? never : T[K] };

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
   * then. Owns what `promise` resolves to.
   */
  new <T>(promise: PromiseLike<T> | T): RpcPromise<T>;
  readonly prototype: StubMembers<unknown>;
}
