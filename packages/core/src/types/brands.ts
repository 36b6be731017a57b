/** What the static types recognise targets and stubs by. There is nothing behind it at run time. */

export declare const targetBrand: unique symbol;
declare const stubBrand: unique symbol;

/** What every `RpcTarget` has, for the types alone: objects without it are passed by value. */
export interface TargetBrand {
  readonly [targetBrand]: never;
}

/** What every stub and promise of `T` has, for the types alone. */
export interface StubBrand<T> {
  readonly [stubBrand]: T;
}

/** A function, whatever its signature. */
export type AnyFunction = (...args: any[]) => unknown;

/** Whether `T` is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false;

/** Whether `T` is `any` or `unknown`. */
export type IsUnknown<T> = unknown extends T ? true : false;
