import type { AnyFunction, IsAny, StubBrand, UnnamedKeys } from "./brands.ts";
import type { WithDispose } from "./disposable.ts";
import type { Callable } from "./signatures.ts";
import type { RpcPromise, RpcStub } from "./stub.ts";
import type { CannotTravel, Value } from "./values.ts";

/** The members that a stub has itself, whatever it stands for. */
export interface StubMembers<T> extends StubBrand<T>, WithDispose {
  /**
   * A stub of its own for the same thing: it works until it is disposed itself. A method's argument
   * is disposed when the method returns; `dup()` is how the method keeps a stub for later.
   */
  dup(): RpcStub<T>;

  /**
   * Calls `callback` once when the stub can't work any more: its session ended, or what it stands
   * for failed. Callbacks of a session's end are called in the order in which they were registered,
   * whatever stub or promise they were registered on. A stub that was disposed of calls none any
   * more. Registering doesn't keep anything alive.
   *
   * @returns a function that unregisters. It is `Disposable` as well, for `using`
   *
   * @example
   * ```ts
   * using watching = stub.onRpcBroken((error) => console.warn("lost", error));
   * ```
   */
  onRpcBroken(callback: (error: any) => void): (() => void) & WithDispose;
}

/**
 * The names that stubs and promises answer themselves. A method of the peer's with one of these
 * names can't be called; {@link RpcCompatible} refuses interfaces that have one.
 */
export type ReservedName = "dup" | "onRpcBroken" | "map" | "then" | "catch" | "finally";

/** Names that no peer is asked for: `Object.prototype` has them, or JSON gives them a meaning. */
// biome-ignore lint/complexity/noBannedTypes: its members are asked for, not what it accepts
type LocalName = keyof Object | "toJSON" | "__proto__";

/** A member of what a stub stands for, as the stub's user sees it. */
type Member<V> =
  IsAny<V> extends true
    ? RpcPromise<any>
    : [NonNullable<V>] extends [StubBrand<unknown>]
      ? RpcPromise<V>
      : [Extract<V, AnyFunction>] extends [never]
        ? RpcPromise<V>
        : Method<Extract<V, AnyFunction>>;

/** A method can be called; what it is a property of need not be there yet. */
type Method<F> = Callable<F> & StubMembers<F>;

/** The properties and methods of `T` that calls can be pipelined to. */
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

/** The elements that a tuple has a type of its own for: `"0"`, `"1"`, … are keys of tuples only. */
type Elements<T extends readonly unknown[]> = {
  readonly [K in keyof T as Extract<K, `${number}`>]-?: Member<T[K]>;
};

/**
 * The members of a stub or promise of `T`. Where something may be missing, its members are still
 * there to be pipelined to.
 *
 * Each condition is on `T` alone, so that inside a function with a type parameter `T extends Api`
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
  // What can be called has these members of functions otherwise, which a stub hasn't.
  readonly name: any;
  readonly length: any;
  readonly prototype: any;
  readonly arguments: any;
  readonly caller: any;
  readonly apply: any;
  readonly call: any;
  readonly bind: any;
}
