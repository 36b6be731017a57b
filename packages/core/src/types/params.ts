import type {
  AnyFunction,
  AnyStub,
  ByReference,
  IsUnknown,
  PlaceholderBrand,
  StubBrand,
  UnnamedKeys,
  WorkersStubBrand,
} from "./brands.ts";
import type { Received } from "./result.ts";
import type { EachSignature } from "./signatures.ts";
import type { CannotTravel, Value } from "./values.ts";

/**
 * The values that a caller may pass for a parameter of type `T`. A stub may stand for a target or
 * function, a target or function for a stub, and at every depth a promise for the value.
 */
export type Passable<T> = IsUnknown<T> extends true ? T : OrPromised<Direct<T>> | IfUndetermined<T>;

/** A promise of a value that can't be sent can't be sent either. */
type OrPromised<D> = [D] extends [never] ? never : D | PromiseLike<D> | PlaceholderBrand<D>;

type Direct<T> =
  T extends AnyStub<infer U>
    ? DirectTarget<U>
    : T extends ByReference
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
                ? { [K in keyof T as Exclude<K, UnnamedKeys>]: Passable<T[K]> }
                : T;

/** Written out for arrays, for the reason that `ReceivedArray` gives. */
type PassableArray<T extends readonly unknown[]> = T[number][] extends T
  ? readonly Passable<T[number]>[]
  : { [K in keyof T]: Passable<T[K]> };

/** Excludes the stub type itself, whose call signature would hide the parameters of a lambda. */
type DirectTarget<T> =
  | StubBrand<T>
  | WorkersStubBrand<T>
  | (T extends AnyFunction ? EachSignature<T, "callback"> : T);

/**
 * `T` inside a generic function, where the compiler doesn't know it yet, and `never` elsewhere.
 *
 * A condition on a type parameter stays open. TypeScript accepts a value for an open condition if
 * it fits both branches, and skips the first branch if the condition can't be met with a wildcard
 * for the parameter. {@link IsNever} holds for the wildcard, and for no known type but `never`.
 */
type IfUndetermined<T> = [IsNever<T>] extends [never] ? never : T;
type IsNever<T> = [T] extends [never] ? true : never;

/** The parameters of a callback, as its implementation sees them: the peer's arguments. */
export type ReceivedList<A extends readonly unknown[]> = { [I in keyof A]: Received<A[I]> };

/**
 * The results that a callback may return. A callback without a result may return anything; one that
 * must return a promise has to do so.
 */
export type CallbackResult<R> =
  IsUnknown<R> extends true
    ? R
    : [R] extends [void]
      ? R
      :
          | PromisedResult<Extract<R, PromiseLike<unknown>>>
          | DirectResult<Exclude<R, PromiseLike<unknown>>>;

type PromisedResult<P> = [P] extends [never] ? never : PromiseLike<Passable<Awaited<P>>>;
type DirectResult<R> = [R] extends [never] ? never : Passable<R>;

/** The arguments of a call to a method with the parameters `A`. */
export type PassableList<A extends readonly unknown[]> = { [I in keyof A]: Passable<A[I]> };
