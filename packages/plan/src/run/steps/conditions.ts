import { PlanError } from "../../errors.ts";
import { kindOf } from "../../operators/kind.ts";
import { Failed } from "../../values/failed.ts";

/** The value of a condition. Conditions are booleans: nothing else is true or false. */
export function conditionOf(value: unknown, step: number | undefined): boolean | Failed {
  if (typeof value === "boolean") return value;
  if (value instanceof Failed) return value.whole;
  const message = `A condition must be a bool, not a ${kindOf(value)}. Compare it.`;
  const data = step === undefined ? {} : { step };
  return new Failed(new PlanError("PLAN_CONDITION", message, data), step, true);
}
