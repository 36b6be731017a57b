import type { AnyStub, ByReference, IsUnknown, StubBrand, UnnamedKeys } from "./brands.ts";
import type { WithDispose } from "./disposable.ts";
import type { RpcStub } from "./stub.ts";
import type { CannotTravel, Value } from "./values.ts";

/**
 * The type that a `T` arrives as: stubs for the targets and functions in it, the values of the
 * promises in it, everything else as it is. `never` for what can't travel.
 */
export type Received<T> = IsUnknown<T> extends true ? T : ReceivedKnown<T>;

type ReceivedKnown<T> =
  T extends AnyStub<infer U>
    ? ReceivedStub<T, U>
    : T extends ByReference
      ? RpcStub<T>
      : T extends Value
        ? T
        : T extends PromiseLike<infer U>
          ? Received<U>
          : T extends CannotTravel
            ? never
            : T extends readonly unknown[]
              ? ReceivedArray<T>
              : T extends object
                ? { [K in keyof T as Exclude<K, UnnamedKeys>]: Received<T[K]> }
                : T;

/** A promise arrives as what it resolves to, a stub as a stub. */
type ReceivedStub<T, U> = T extends PromiseLike<unknown> ? Received<U> : RpcStub<U>;

/**
 * Written out for arrays: the elements of a mapped array type are looked at at once, which for a
 * type that contains itself never ends.
 */
type ReceivedArray<T extends readonly unknown[]> = T[number][] extends T
  ? T extends unknown[]
    ? Received<T[number]>[]
    : readonly Received<T[number]>[]
  : { [K in keyof T]: Received<T[K]> };

/**
 * The type that awaiting a call gives: as {@link Received}, and objects have a `[Symbol.dispose]()`
 * that disposes of all stubs in them.
 */
export type Awaitable<T> = IsUnknown<T> extends true ? T : WithDisposer<Received<T>>;

type WithDisposer<T> = T extends StubBrand<any> ? T : T extends object ? T & WithDispose : T;
