import { PlanError, PlanLimitError } from "../errors.ts";
import { DEFAULT_PLAN_LIMITS, type PlanLimits } from "../shape/limits.ts";
import { LONGEST_NAME } from "../shape/names.ts";
import { measuring } from "../values/measure.ts";
import { finish } from "../values/work.ts";
import { asList, asObject, Fields, invalid } from "./fields.ts";
import { readSource } from "./read-source.ts";
import { StepReader } from "./read-steps.ts";
import { Scope } from "./scope.ts";
import type { PlanTree } from "./tree.ts";

const REQUIRED = ["result"];
const OPTIONAL = ["v", "name", "captures", "ops", "operations"];

/**
 * Checks a plan from the wire, and resolves the places of its values. Runs nothing.
 *
 * @throws PlanError `PLAN_INVALID` for a value that isn't a plan
 * @throws LimitError for a plan that is too large, has too many operations or too many blocks in
 *   each other
 */
export function readPlan(value: unknown, limits: PlanLimits = DEFAULT_PLAN_LIMITS): PlanTree {
  checkSize(value, limits);
  // The Rust port also writes `operations`.
  const key = Object.hasOwn(asObject(value, "plan"), "operations") ? "operations" : "ops";
  const fields = new Fields(value, "plan", [...REQUIRED, key], OPTIONAL);
  if (key === "operations" && fields.has("ops")) throw invalid("plan", "has ops and operations");
  if (fields.has("v") && fields.value("v") !== 1) throw invalid("plan.v", "must be 1");
  if (fields.has("captures")) asList(fields.value("captures"), "plan.captures");
  const reader = new StepReader(limits);
  const scope = new Scope();
  const steps = reader.readBlock(fields.value(key), key, scope);
  const result = readSource(fields.value("result"), "result", scope, reader);
  const { captures, operations, sources } = reader;
  const { slots } = scope.frame;
  const name = nameOf(fields);
  return { name, steps, result, slots, captures, operations, sources };
}

function nameOf(fields: Fields): string | undefined {
  if (!fields.has("name")) return undefined;
  const name = fields.value("name");
  if (typeof name === "string" && name.length <= LONGEST_NAME) return name;
  throw invalid("plan.name", `must be a text of at most ${LONGEST_NAME} code units`);
}

/** Goes through the whole plan before anything else looks at it. */
function checkSize(plan: unknown, limits: PlanLimits): void {
  let left = limits.maxPlanSize;
  const meter = {
    isDue: false,
    make(bytes: number) {
      left -= bytes;
      if (left < 0) throw new PlanLimitError(limits, "maxPlanSize");
    },
    spend() {},
  };
  if (finish(measuring(plan, meter))) {
    throw new PlanError(
      "PLAN_INVALID",
      "The plan holds a capability or a stream. Pass capabilities as captures or params.",
      { place: "plan" },
    );
  }
}
