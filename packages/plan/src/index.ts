/**
 * Plans: many steps in one round trip.
 *
 * @packageDocumentation
 */

export type { CaughtFailure, PlanBuilder } from "./build/builder.ts";
export type { PlanOptions, RunOptions } from "./build/options.ts";
export { plan, planFrom } from "./build/plan.ts";
export type { Plan, PreparedPlan } from "./build/plan-type.ts";
export type { P, PlaceholderOf, Planable, Planned, PlanVariable } from "./build/types.ts";
export {
  NoRunnerError,
  PlaceholderError,
  PlanBuildError,
  PlanError,
  type PlanErrorCode,
  type PlanErrorData,
  PlanLimitError,
} from "./errors.ts";
export { type OffersPlans, offerPlans } from "./offer.ts";
export { OPERATORS, type OperatorName, type OperatorSignature } from "./operators/names.ts";
export { validatePlan } from "./read/validate.ts";
export { PlanRunner, type PlanRunnerOptions } from "./runner.ts";
export { DEFAULT_PLAN_LIMITS, type PlanLimitName, type PlanLimits } from "./shape/limits.ts";
export type { Op, Path, PlanJson, Source } from "./shape/plan-json.ts";
