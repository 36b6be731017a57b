import type { P, Planable, Planned, PlanVariable, Widened } from "./types.ts";

type Whole = Planable<number> | Planable<bigint>;
type Numeric = Planable<number> | Planable<bigint>;
type Ordered =
  | Numeric
  | Planable<string>
  | Planable<boolean>
  | Planable<Date>
  | Planable<Uint8Array>;

/** A failure as a plan sees it. */
export interface CaughtFailure {
  name: string;
  message: string;
  /** The `code` of the error, if it has one. */
  code?: string | number;
  /** The number of the step that failed. */
  step?: number;
}

/**
 * The control flow of plans. Callbacks are recorded: each runs once, while the plan is built, and
 * must be synchronous. Calls that a callback makes are steps of its block.
 */
interface ControlFlow {
  /**
   * Runs one of two blocks.
   *
   * @param condition must be a boolean when the plan runs, else the step fails (`PLAN_CONDITION`)
   * @returns the block's result; `undefined` for a block that is left out
   *
   * @example
   * ```ts
   * $.if(user.vip, () => user.manager.notify(user.id), () => null);
   * ```
   */
  if<A, B = undefined>(
    condition: Planable<boolean>,
    then: () => A,
    otherwise?: () => B,
  ): P<Planned<A> | Planned<B>>;

  /**
   * Does the same to each element of a list, all at once. `null` and `undefined` stay as they are,
   * and another value takes the place of an element, as in `map()` of stubs.
   */
  map<E, R>(
    list: Planable<readonly E[]>,
    callback: (item: P<E>, index: P<number>) => R,
  ): P<Planned<R>[]>;

  /** The elements whose condition is true. All conditions are computed at once. */
  filter<E>(
    list: Planable<readonly E[]>,
    callback: (item: P<E>, index: P<number>) => Planable<boolean>,
  ): P<E[]>;

  /** The first element whose condition is true, else `undefined`. Later ones aren't looked at. */
  find<E>(
    list: Planable<readonly E[]>,
    callback: (item: P<E>, index: P<number>) => Planable<boolean>,
  ): P<E | undefined>;

  /** True if the condition is true for an element. Stops at the first. */
  exists<E>(
    list: Planable<readonly E[]>,
    callback: (item: P<E>, index: P<number>) => Planable<boolean>,
  ): P<boolean>;

  /** True if the condition is true for all elements. Stops at the first for which it isn't. */
  all<E>(
    list: Planable<readonly E[]>,
    callback: (item: P<E>, index: P<number>) => Planable<boolean>,
  ): P<boolean>;

  /** Combines the elements of a list, in order. */
  reduce<E, A>(
    list: Planable<readonly E[]>,
    initial: A,
    callback: (
      sum: P<Widened<Planned<A>>>,
      item: P<E>,
      index: P<number>,
    ) => Planable<Widened<Planned<A>>>,
  ): P<Widened<Planned<A>>>;

  /**
   * Goes through a list in order, one element after the other.
   *
   * @returns the callback's results, without those of iterations that were ended by a jump
   */
  loop<E, R>(
    list: Planable<readonly E[]>,
    callback: (item: P<E>, index: P<number>) => R,
  ): P<Planned<R>[]>;

  /**
   * Repeats a block while a condition is true.
   *
   * @param options `max`: the most iterations. A condition that is still true then fails the step
   *   (`PLAN_LOOP`)
   * @returns the results of `body`, without those of iterations that were ended by a jump
   */
  while<R>(
    condition: () => Planable<boolean>,
    body: () => R,
    options: { readonly max: number },
  ): P<Planned<R>[]>;

  /** Ends the innermost `loop` or `while`, if the condition is true. Default: always. */
  break(condition?: Planable<boolean>): void;

  /** Ends the iteration of the innermost `loop` or `while`, if the condition is true. */
  continue(condition?: Planable<boolean>): void;

  /** Declares a variable of the block. It can be used in the blocks in it, too. */
  let<T>(initial: T): PlanVariable<Widened<Planned<T>>>;

  /**
   * Sets a variable. Elements of `map` and `filter` run at once, so they can't set variables from
   * outside.
   */
  set<T>(variable: PlanVariable<T>, value: Planable<T>): void;

  /** The result of a block, or that of another block if the first one's failed. */
  try<A, B>(body: () => A, onFailure: (failure: P<CaughtFailure>) => B): P<Planned<A> | Planned<B>>;

  /** A value that fails with a message: `PLAN_FAILED`. */
  fail(message: Planable<string>): P<never>;

  /**
   * A placeholder of a stub from outside of the plan, on which the plan can make calls. The stub
   * stays yours, and must live when the plan runs. Stubs in arguments need no `use()`.
   */
  use<T>(stub: T): P<T>;

  /** A value with placeholders in it, as one placeholder. */
  value<T>(value: T): P<Planned<T>>;

  /**
   * A text with values in it: strings as they are, other values as `$.string()` gives them.
   *
   * @example
   * ```ts
   * $.text`Hello ${user.name}, you are ${user.age}.`;
   * ```
   */
  text(strings: TemplateStringsArray, ...values: unknown[]): P<string>;
}

/** The operators of plans, with the names and strict rules of CEL. No implicit conversions. */
interface OperatorMethods {
  eq(a: unknown, b: unknown): P<boolean>;
  ne(a: unknown, b: unknown): P<boolean>;
  lt(a: Ordered, b: Ordered): P<boolean>;
  le(a: Ordered, b: Ordered): P<boolean>;
  gt(a: Ordered, b: Ordered): P<boolean>;
  ge(a: Ordered, b: Ordered): P<boolean>;
  /** True if a list has an element, or an object a key. */
  in(element: unknown, container: Planable<readonly unknown[]> | Planable<object>): P<boolean>;

  add(a: Planable<number>, b: Planable<number>): P<number>;
  add(a: Planable<bigint>, b: Planable<bigint>): P<bigint>;
  add(a: Planable<string>, b: Planable<string>): P<string>;
  add(a: Planable<Uint8Array>, b: Planable<Uint8Array>): P<Uint8Array>;
  add<E>(a: Planable<readonly E[]>, b: Planable<readonly E[]>): P<E[]>;
  sub(a: Planable<number>, b: Planable<number>): P<number>;
  sub(a: Planable<bigint>, b: Planable<bigint>): P<bigint>;
  mul(a: Planable<number>, b: Planable<number>): P<number>;
  mul(a: Planable<bigint>, b: Planable<bigint>): P<bigint>;
  div(a: Planable<number>, b: Planable<number>): P<number>;
  div(a: Planable<bigint>, b: Planable<bigint>): P<bigint>;
  /** The remainder, with the sign of `a`. */
  mod(a: Planable<number>, b: Planable<number>): P<number>;
  mod(a: Planable<bigint>, b: Planable<bigint>): P<bigint>;
  neg(a: Planable<number>): P<number>;
  neg(a: Planable<bigint>): P<bigint>;

  /** False if one is false, even if another failed. All are computed: `$.if()` avoids that. */
  and(...conditions: Planable<boolean>[]): P<boolean>;
  /** True if one is true, even if another failed. All are computed. */
  or(...conditions: Planable<boolean>[]): P<boolean>;
  not(a: Planable<boolean>): P<boolean>;
  /** One of two values. Both are computed: use `$.if()` to avoid that. */
  cond<A, B>(condition: Planable<boolean>, then: A, otherwise: B): P<Planned<A> | Planned<B>>;

  /** An element, or a value of an object. Fails if there is none (`PLAN_INDEX`, `PLAN_KEY`). */
  index<E>(list: Planable<readonly E[]>, at: Whole): P<E>;
  index<T extends object>(map: Planable<T>, key: Planable<string>): P<T[keyof T]>;
  /** True if an object has a key whose value isn't `undefined`. */
  has(map: Planable<object>, key: Planable<string>): P<boolean>;
  keys(map: Planable<object>): P<string[]>;
  /** The number of code points, bytes, elements or keys. */
  size(
    value:
      | Planable<string>
      | Planable<Uint8Array>
      | Planable<readonly unknown[]>
      | Planable<object>,
  ): P<number>;
  slice<E>(list: Planable<readonly E[]>, from: Whole, to: Whole): P<E[]>;
  flatten<E>(list: Planable<readonly (E | readonly E[])[]>): P<E[]>;
  reverse<E>(list: Planable<readonly E[]>): P<E[]>;
  distinct<E>(list: Planable<readonly E[]>): P<E[]>;
  /** The numbers from 0 up to the one before `count`. */
  range(count: Whole): P<number[]>;

  contains(text: Planable<string>, part: Planable<string>): P<boolean>;
  startsWith(text: Planable<string>, part: Planable<string>): P<boolean>;
  endsWith(text: Planable<string>, part: Planable<string>): P<boolean>;
  charAt(text: Planable<string>, at: Whole): P<string>;
  indexOf(text: Planable<string>, part: Planable<string>, from?: Whole): P<number>;
  lastIndexOf(text: Planable<string>, part: Planable<string>, from?: Whole): P<number>;
  substring(text: Planable<string>, from: Whole, to?: Whole): P<string>;
  replace(
    text: Planable<string>,
    from: Planable<string>,
    to: Planable<string>,
    limit?: Whole,
  ): P<string>;
  split(text: Planable<string>, separator: Planable<string>, limit?: Whole): P<string[]>;
  join(list: Planable<readonly string[]>, separator?: Planable<string>): P<string>;
  lowerAscii(text: Planable<string>): P<string>;
  upperAscii(text: Planable<string>): P<string>;
  trim(text: Planable<string>): P<string>;

  string(value: Ordered): P<string>;
  int(value: Numeric | Planable<string> | Planable<Date>): P<bigint>;
  double(value: Numeric | Planable<string>): P<number>;
  bool(value: Planable<boolean> | Planable<string>): P<boolean>;
  bytes(value: Planable<Uint8Array> | Planable<string>): P<Uint8Array>;
  timestamp(value: Planable<Date> | Planable<string> | Planable<bigint>): P<Date>;
  /** The kind of a value, such as `"list"`. */
  type(value: unknown): P<string>;

  least<N extends number | bigint>(...values: Planable<N>[]): P<N>;
  greatest<N extends number | bigint>(...values: Planable<N>[]): P<N>;
  abs<N extends number | bigint>(value: Planable<N>): P<N>;
  sign<N extends number | bigint>(value: Planable<N>): P<N>;
  ceil(value: Planable<number>): P<number>;
  floor(value: Planable<number>): P<number>;
  trunc(value: Planable<number>): P<number>;
  /** Rounds half away from zero. */
  round(value: Planable<number>): P<number>;
  isNaN(value: Planable<number>): P<boolean>;
  isInf(value: Planable<number>): P<boolean>;
  isFinite(value: Planable<number>): P<boolean>;

  getFullYear(time: Planable<Date>): P<number>;
  /** From 0. */
  getMonth(time: Planable<Date>): P<number>;
  /** From 0. */
  getDayOfYear(time: Planable<Date>): P<number>;
  /** From 0. */
  getDayOfMonth(time: Planable<Date>): P<number>;
  /** The day of the month, from 1. */
  getDate(time: Planable<Date>): P<number>;
  /** From 0, Sunday. */
  getDayOfWeek(time: Planable<Date>): P<number>;
  getHours(time: Planable<Date>): P<number>;
  getMinutes(time: Planable<Date>): P<number>;
  getSeconds(time: Planable<Date>): P<number>;
  getMilliseconds(time: Planable<Date>): P<number>;
}

/** The first argument of a plan's callback: control flow and operators. */
export type PlanBuilder = ControlFlow & OperatorMethods;
