import type { AnyFunction, IsAny, StubBrand, UnnamedKeys } from "./brands.ts";
import type { WithDispose } from "./disposable.ts";
import type { Callable } from "./signatures.ts";
import type { RpcPromise, RpcStub } from "./stub.ts";
import type { CannotTravel, Value } from "./values.ts";

/** The members of a stub itself, whatever it stands for. */
export interface StubMembers<T> extends StubBrand<T>, WithDispose {
  /**
   * Makes another stub for the same target. It works until it is disposed of itself. A method's
   * arguments are disposed of when the method returns, so a method uses `dup()` to keep a stub for
   * later.
   */
  dup(): RpcStub<T>;

  /**
   * Calls `callback` once when the stub can't work any more, because its session ended or its
   * target failed. Callbacks for a session's end run in the order of registration, on whatever stub
   * or promise they were registered. A stub that was disposed of calls none. Registering keeps
   * nothing alive.
   *
   * @returns a function that unregisters the callback. It is `Disposable` as well, for `using`
   *
   * @example
   * ```ts
   * using watching = stub.onRpcBroken((error) => console.warn("lost", error));
   * ```
   */
  onRpcBroken(callback: (error: any) => void): (() => void) & WithDispose;
}

/**
 * The names that stubs and promises answer themselves. A peer's method with one of these names
 * can't be called, and {@link RpcCompatible} refuses interfaces that have one.
 */
export type ReservedName = "dup" | "onRpcBroken" | "map" | "then" | "catch" | "finally";

/** Names that no peer is asked for: `Object.prototype` has them, or JSON gives them a meaning. */
// biome-ignore lint/complexity/noBannedTypes: its members are asked for, not what it accepts
type LocalName = keyof Object | "toJSON" | "__proto__";

/** A member of a stub's target, as the stub's user sees it. */
type Member<V> =
  IsAny<V> extends true
    ? RpcPromise<any>
    : [NonNullable<V>] extends [StubBrand<unknown>]
      ? RpcPromise<V>
      : [Extract<V, AnyFunction>] extends [never]
        ? RpcPromise<V>
        : Method<Extract<V, AnyFunction>>;

/** A method, which can be called before the object that it belongs to has arrived. */
type Method<F> = Callable<F> & StubMembers<F>;

/** The properties and methods of `T` on which calls can be pipelined. */
type Members<T> = T extends Value | CannotTravel
  ? unknown
  : T extends readonly (infer E)[]
    ? Elements<T> & { readonly [index: number]: Member<E> }
    : T extends object
      ? {
          readonly [K in keyof T as Exclude<K, ReservedName | LocalName | UnnamedKeys>]-?: Member<
            T[K]
          >;
        }
      : unknown;

/** The elements for which a tuple has separate types: `"0"`, `"1"`, … are keys of tuples only. */
type Elements<T extends readonly unknown[]> = {
  readonly [K in keyof T as Extract<K, `${number}`>]-?: Member<T[K]>;
};

/**
 * The members of a stub or promise of `T`. If the value may be missing, its members are still there
 * for pipelining.
 *
 * Each condition is on `T` alone, so that inside a function with a type parameter `T extends Api`,
 * the compiler can look into `Api`.
 */
export type Pipelinable<T, All = T> =
  T extends UnknownIfAny<T>
    ? UnknownMembers
    : T extends null | undefined
      ? OnlyIfNothingElse<All>
      : Callable<T> & Members<T>;

type UnknownIfAny<T> = IsAny<T> extends true ? unknown : never;
type OnlyIfNothingElse<All> = [All] extends [null | undefined] ? unknown : never;

/** The members of an object that the types know nothing about: any name, any arguments. */
interface UnknownMembers {
  (...args: any[]): RpcPromise<any>;
  readonly [name: string]: any;
  // Declared here, because a callable type has these members of functions otherwise, and a stub
  // lacks them.
  readonly name: any;
  readonly length: any;
  readonly prototype: any;
  readonly arguments: any;
  readonly caller: any;
  readonly apply: any;
  readonly call: any;
  readonly bind: any;
}
