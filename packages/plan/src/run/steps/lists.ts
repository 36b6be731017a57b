import { kindOf } from "../../operators/kind.ts";
import { Failed } from "../../values/failed.ts";
import type { Run } from "../run.ts";

/**
 * The list that a step goes through.
 *
 * @returns the failure for another value
 * @throws LimitError for too many elements
 */
export function listOf(value: unknown, run: Run, step: number): readonly unknown[] | Failed {
  if (value instanceof Failed) return value.whole;
  if (!Array.isArray(value)) {
    const message = `Step ${step} goes through a list, not a ${kindOf(value)}.`;
    return run.refuse("PLAN_NOT_LIST", message, step);
  }
  if (value.length > run.account.limits.maxIterations) run.account.exceed("maxIterations");
  return value;
}
