import type { Passable, Received } from "@capnweb/core";

/** The static types of placeholders. None of the marks exists at run time. */

declare const placeholder: unique symbol;
declare const variable: unique symbol;

/** The mark of a value that a plan will have when it runs. */
export interface PlaceholderOf<T> {
  readonly [placeholder]: T;
}

type AnyFunction = (...args: any[]) => unknown;
type IsAny<T> = 0 extends 1 & T ? true : false;

/** Values without members that a plan can reach. */
type Leaf =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | void
  | Date
  | ArrayBuffer
  | ArrayBufferView
  | Blob
  | URL
  | Headers
  | Request
  | Response
  | ReadableStream
  | WritableStream;

/** The names that stubs answer themselves, and those of no member of a peer's. */
// biome-ignore lint/complexity/noBannedTypes: its members are asked for, not what it accepts
type HiddenName = keyof Object | ReservedName | "toJSON" | "__proto__";
type ReservedName = "dup" | "onRpcBroken" | "map" | "then" | "catch" | "finally";

/**
 * A placeholder: a value of type `T` that a plan will have when it runs. Its properties and methods
 * can be used, and it can be passed on. It can't be looked at: operators are methods of the
 * builder, such as `$.add(p.x, 1)`.
 *
 * @typeParam T the value's type, with targets or stubs for capabilities; `any` if it isn't known
 */
export type P<T> = PlaceholderOf<T> & Members<NonNullable<Awaited<T>>>;

/** A variable of a plan, made by `$.let()`. It stands for its value at the step that uses it. */
export type PlanVariable<T> = P<T> & { readonly [variable]: T };

type Members<T> =
  IsAny<T> extends true
    ? AnyMembers
    : [T] extends [never]
      ? unknown
      : [T] extends [AnyFunction]
        ? Method<T>
        : [T] extends [Leaf]
          ? unknown
          : [T] extends [readonly (infer E)[]]
            ? ListMembers<E>
            : ObjectMembers<T>;

interface AnyMembers {
  (...args: any[]): P<any>;
  readonly [name: string]: any;
}

type ObjectMembers<T> = {
  readonly [K in keyof T as Exclude<K, HiddenName | symbol>]-?: P<T[K]>;
};

interface ListMembers<E> {
  readonly [index: number]: P<E>;
  /** Does the same to each element, all at once. See `$.map()`. */
  map<R>(callback: (item: P<E>, index: P<number>) => R): P<Planned<R>[]>;
}

type Method<F> = F extends (...args: infer A) => infer R
  ? (...args: { [I in keyof A]: Planable<A[I]> }) => P<Awaited<R>>
  : unknown;

/** The values that a plan may pass for a `T`: a placeholder may stand for it, at every depth. */
export type Planable<T> =
  IsAny<T> extends true
    ? any
    : Passable<T> | PlaceholderOf<T> | PlaceholderOf<Received<T>> | Parts<T>;

/** Objects and lists whose parts are placeholders. */
type Parts<T> = T extends Leaf | AnyFunction
  ? never
  : T extends readonly (infer E)[]
    ? number extends T["length"]
      ? readonly Planable<E>[]
      : { readonly [I in keyof T]: Planable<T[I]> }
    : { readonly [K in keyof T as Exclude<K, symbol>]: Planable<T[K]> };

/** The value that stands in the place of a callback's result when the plan runs. */
export type Planned<R> =
  IsAny<R> extends true
    ? any
    : R extends PlaceholderOf<infer T>
      ? Awaited<T>
      : R extends void
        ? undefined
        : R extends Leaf | AnyFunction
          ? R
          : R extends { readonly [K in keyof R]: R[K] }
            ? { -readonly [K in keyof R]: Planned<R[K]> }
            : R;

/** The type of a variable that starts with a literal. */
export type Widened<T> = T extends number
  ? number
  : T extends string
    ? string
    : T extends boolean
      ? boolean
      : T extends bigint
        ? bigint
        : T;
