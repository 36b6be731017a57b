import type { PlanErrorCode } from "../errors.ts";
import type { Meter } from "../values/meter.ts";
import { begin, type Work } from "../values/work.ts";
import { kindOf } from "./kind.ts";

/** The failure of an operator. The step that ran it makes a `PlanError` of it. */
export class OperatorFailure extends Error {
  readonly code: PlanErrorCode;

  constructor(code: PlanErrorCode, problem: string) {
    super(problem);
    this.code = code;
  }
}

/** The failure for arguments of kinds that an operator isn't defined for. */
export function noOverload(...args: readonly unknown[]): OperatorFailure {
  const kinds = args.map(kindOf).join(" and ");
  return new OperatorFailure(
    "PLAN_OVERLOAD",
    `isn't defined for ${kinds}. Nothing is converted implicitly.`,
  );
}

/** @throws OperatorFailure unless all values are texts */
export function requireTexts(...values: readonly unknown[]): void {
  if (!values.every((each) => typeof each === "string")) throw noOverload(...values);
}

/**
 * Computes an operator's result, or returns it as `Unfinished` work. Throws an
 * {@link OperatorFailure}, or a `LimitError`.
 */
export type Apply = (meter: Meter, ...args: any[]) => unknown;

/** Gives a function the type of operators. */
export function operator(apply: Apply): Apply {
  return apply;
}

/** An operator whose time depends on the size of its arguments or of its result. */
export function longOperator(work: (meter: Meter, ...args: any[]) => Work<unknown>): Apply {
  return (meter, ...args) => begin(work(meter, ...args));
}
