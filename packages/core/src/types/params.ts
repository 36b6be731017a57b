import type { AnyFunction, IsUnknown, StubBrand, TargetBrand } from "./brands.ts";
import type { Received } from "./result.ts";
import type { CannotTravel, Value } from "./values.ts";

/**
 * What a caller may pass for a parameter of type `T`: a stub where a target or function is asked
 * for, a target or function where a stub is, and at every depth a promise for the value.
 */
export type Passable<T> = IsUnknown<T> extends true ? T : OrPromised<Direct<T>>;

/** What can't travel doesn't as a promise either. */
type OrPromised<D> = [D] extends [never] ? never : D | PromiseLike<D>;

type Direct<T> =
  T extends StubBrand<infer U>
    ? DirectTarget<U>
    : T extends TargetBrand | AnyFunction
      ? DirectTarget<T>
      : T extends Value
        ? T
        : T extends PromiseLike<infer U>
          ? Direct<U>
          : T extends CannotTravel
            ? never
            : T extends readonly unknown[]
              ? PassableArray<T>
              : T extends object
                ? { [K in keyof T]: Passable<T[K]> }
                : T;

/** Written out for arrays for the reason that `ReceivedArray` gives. */
type PassableArray<T extends readonly unknown[]> = T[number][] extends T
  ? readonly Passable<T[number]>[]
  : { [K in keyof T]: Passable<T[K]> };

/** Not the stub type itself, whose call signature would hide what a lambda's parameters are. */
type DirectTarget<T> = StubBrand<T> | (T extends AnyFunction ? Callback<T> : T);

/** A function as its implementation sees it: it receives what the peer sends. */
type Callback<F extends AnyFunction> = F extends (...args: infer A) => infer R
  ? (...args: ReceivedList<A>) => CallbackResult<R>
  : never;

type ReceivedList<A extends readonly unknown[]> = { [I in keyof A]: Received<A[I]> };

/** A function that need not return anything may return whatever it likes. */
type CallbackResult<R> = [R] extends [void] ? R : Passable<Awaited<R>>;

/** The arguments of a call to a method with the parameters `A`. */
export type PassableList<A extends readonly unknown[]> = { [I in keyof A]: Passable<A[I]> };
