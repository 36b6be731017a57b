import type { AnyFunction, StubBrand } from "./brands.ts";
import type { CallbackResult, PassableList, ReceivedList } from "./params.ts";
import type { ResultPromise } from "./stub.ts";

/**
 * A function with each of its signatures rewritten: as the caller of a peer's method sees it, or as
 * the implementation of a callback does.
 *
 * Only the parameters decide whether there are overloads. Results are inferred where a signature is
 * used, because they may be stubs of the class that has the method.
 */
export type EachSignature<F, Side extends "call" | "callback"> =
  IsOverloaded<F> extends true ? Overloads<F, Side> : Single<F, Side>;

type Single<F, Side> = Side extends "call"
  ? (...args: PassableList<ParametersOf<F>>) => ResultPromise<Settled<ResultOf<F>>>
  : (...args: ReceivedList<ParametersOf<F>>) => CallbackResult<ResultOf<F>>;

type ParametersOf<F> = F extends (...args: infer A) => any ? A : never;
type ResultOf<F> = F extends (...args: any) => infer R ? R : never;

/** The value of a result. */
type Settled<R> = R extends PromiseLike<unknown> & StubBrand<infer U> ? U : Awaited<R>;

declare const nothing: unique symbol;

/**
 * Signatures that fill up a function's own to {@link MOST}. TypeScript infers from as many
 * signatures as a pattern has, counted from the last. Each filler differs from the others, because
 * equal ones would merge.
 */
type Filler<N extends number> = [typeof nothing, N];
interface Fillers {
  (...args: Filler<1>): any;
  (...args: Filler<2>): any;
  (...args: Filler<3>): any;
  (...args: Filler<4>): any;
  (...args: Filler<5>): any;
  (...args: Filler<6>): any;
  (...args: Filler<7>): any;
  (...args: Filler<8>): any;
}

type IsOverloaded<F> = Fillers & F extends {
  (...args: infer A): any;
  (...args: any): any;
}
  ? A extends Filler<number>
    ? false
    : true
  : false;

/** The overloads, in order. If there are more than eight, the last eight can be called. */
type Overloads<F, Side> = Fillers & F extends {
  (...args: infer A1): infer R1;
  (...args: infer A2): infer R2;
  (...args: infer A3): infer R3;
  (...args: infer A4): infer R4;
  (...args: infer A5): infer R5;
  (...args: infer A6): infer R6;
  (...args: infer A7): infer R7;
  (...args: infer A8): infer R8;
}
  ? Signature<A1, R1, Side> &
      Signature<A2, R2, Side> &
      Signature<A3, R3, Side> &
      Signature<A4, R4, Side> &
      Signature<A5, R5, Side> &
      Signature<A6, R6, Side> &
      Signature<A7, R7, Side> &
      Signature<A8, R8, Side>
  : never;

type Signature<A extends readonly unknown[], R, Side> =
  A extends Filler<number> ? unknown : Single<(...args: A) => R, Side>;

/**
 * The callable form of a function. Its own signatures must be functions for the fillers to be
 * added.
 */
export type Callable<F> = F extends AnyFunction ? EachSignature<F, "call"> : unknown;
