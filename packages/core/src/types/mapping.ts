import type { AnyFunction, IsAny, PlaceholderBrand, StubBrand } from "./brands.ts";
import type { Pipelinable, StubMembers } from "./members.ts";
import type { Received } from "./result.ts";
import type { Behind, RpcPromise } from "./stub.ts";
import type { Value } from "./values.ts";

/** The method of all stubs and promises for work on values that the peer has. */
export interface Mappable<T> {
  /**
   * Applies `callback` where the value is, in the same round trip: to each element if it is an
   * array, not at all if it is `null` or `undefined`, else to the value.
   *
   * The callback runs once, here, with a placeholder, and its operations on it are recorded and
   * sent. It must be synchronous, and can't look at the value. It may use stubs from outside.
   *
   * @throws MapError for an operation that can't be recorded; any error of the callback
   *
   * @example
   * ```ts
   * const names = await api.listUserIds().map((id) => api.getUser(id).name);
   * ```
   */
  map<V>(
    callback: ((value: Placeholder<Mapped<T>>) => V) & NotAsync<V>,
  ): RpcPromise<MapResult<T, Unpromised<NoInfer<V>>>>;
}

/**
 * The value that a `map()` callback is recorded with. Its members can be used, and it can be passed
 * on as a `T`. It isn't a promise, because there is nothing to wait for during recording.
 */
export type Placeholder<T> = PlaceholderBrand<Received<T>> &
  Pipelinable<Behind<T>> &
  StubMembers<Behind<T>> &
  Mappable<Behind<T>>;

/** The type of an array's elements, or of the value itself if it isn't an array. */
type Mapped<T> = NonNullable<T> extends readonly (infer E)[] ? E : NonNullable<T>;

/** The result of mapping: one per element of an array, and none for `null` or `undefined`. */
type MapResult<T, V> =
  | (NonNullable<T> extends readonly unknown[] ? V[] : V)
  | Extract<T, null | undefined>;

/** Refuses callbacks whose results hold promises other than those of calls. */
type NotAsync<V> = [IsAny<V> extends true ? never : NativePromises<V>] extends [never]
  ? unknown
  : { error: "A map() callback can't be async: it is recorded, not run where the values are." };

/**
 * The promises in a result that aren't those of calls. Looks into six levels of containers, because
 * a type may contain itself.
 */
type NativePromises<V, Depth extends 0[] = []> = Depth["length"] extends 6
  ? never
  : V extends StubBrand<unknown> | Value | AnyFunction
    ? never
    : V extends PromiseLike<unknown>
      ? V
      : V extends readonly (infer E)[]
        ? NativePromises<E, [...Depth, 0]>
        : V extends object
          ? { [K in keyof V]-?: NativePromises<V[K], [...Depth, 0]> }[Extract<keyof V, string>]
          : never;

/** A callback's result once the promises in it have been filled in. */
type Unpromised<V> =
  V extends StubBrand<infer U>
    ? U
    : V extends readonly unknown[] | Record<string, unknown>
      ? { [K in keyof V]: Unpromised<V[K]> }
      : V;
