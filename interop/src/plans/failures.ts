import { INVALID } from "./invalid.ts";
import { LIMITS } from "./limits.ts";
import { type PlanVector, plan } from "./vector.ts";

/** Plans that are refused or stopped. */
export const FAILURES: readonly PlanVector[] = [
  ...INVALID.map(([name, invalid, place]) => ({
    name: `a plan ${name}`.replace("a plan null", "null"),
    plan: invalid,
    error: { code: "PLAN_INVALID", ...(place !== undefined && { place }) },
  })),
  { name: "a hash without a plan", hash: "0".repeat(64), error: { code: "PLAN_UNKNOWN" } },
  {
    name: "a capture that wasn't passed",
    plan: plan([], { capture: { index: 1 } }),
    error: { code: "PLAN_CAPTURE" },
  },
  ...LIMITS,
];
