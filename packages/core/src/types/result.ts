import type { AnyStub, ByReference, IsUnknown, StubBrand, UnnamedKeys } from "./brands.ts";
import type { WithDispose } from "./disposable.ts";
import type { RpcStub } from "./stub.ts";
import type { CannotTravel, Value } from "./values.ts";

/**
 * The type in which a `T` arrives: stubs for its targets and functions, values for its promises,
 * and everything else unchanged. `never` if it can't be sent.
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

/** A promise arrives as its value, and a stub as a stub. */
type ReceivedStub<T, U> = T extends PromiseLike<unknown> ? Received<U> : RpcStub<U>;

/**
 * Written out for arrays. The compiler examines the elements of a mapped array type immediately,
 * which never ends for a type that contains itself.
 */
type ReceivedArray<T extends readonly unknown[]> = T[number][] extends T
  ? T extends unknown[]
    ? Received<T[number]>[]
    : readonly Received<T[number]>[]
  : { [K in keyof T]: Received<T[K]> };

/**
 * The type that awaiting a call gives: that of {@link Received}, with a `[Symbol.dispose]()` on
 * objects that disposes of all stubs in them.
 */
export type Awaitable<T> = IsUnknown<T> extends true ? T : WithDisposer<Received<T>>;

type WithDisposer<T> = T extends StubBrand<any> ? T : T extends object ? T & WithDispose : T;
