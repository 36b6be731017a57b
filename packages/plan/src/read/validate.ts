import { type PlanLimits, resolvePlanLimits } from "../shape/limits.ts";
import type { PlanJson } from "../shape/plan-json.ts";
import { readPlan } from "./read-plan.ts";

/**
 * Checks that a value is a plan, as a runner does before it runs one. Runs nothing.
 *
 * @param limits limits that differ from `DEFAULT_PLAN_LIMITS`
 * @returns `plan`
 * @throws PlanError `PLAN_INVALID`, whose `data.place` is the place in the plan
 * @throws LimitError for a plan that is too large
 *
 * @example
 * ```ts
 * validatePlan({ v: 1, ops: [], result: { param: { path: ["name"] } } });
 * ```
 */
export function validatePlan(plan: unknown, limits?: Partial<PlanLimits>): PlanJson {
  readPlan(plan, resolvePlanLimits(limits));
  return plan as PlanJson;
}
