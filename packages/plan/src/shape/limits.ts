const MI = 1024 * 1024;

/**
 * The limits of plans, with their defaults. A plan that goes over one is stopped and fails with a
 * `LimitError`. Steps, bytes and calls count across the plans that a plan runs.
 */
class DefaultLimits {
  /** Most operations in one plan, those in blocks included. */
  readonly maxOperations: number = 1_000;
  /** Most levels of blocks in blocks, and of plans that run plans. */
  readonly maxNesting: number = 16;
  /** Largest plan, in bytes of the objects and texts that it consists of. */
  readonly maxPlanSize: number = MI;
  /**
   * Most steps that a plan runs. An operation and an iteration count as one. So do 64 code units of
   * a text that an operator reads or makes, and 8 elements or members. Keys of an object with over
   * 1,024 members count as two each, and texts that `distinct` compares as one.
   */
  readonly maxSteps: number = 100_000;
  /** Most iterations of one loop, `map`, `filter`, `find` or `reduce`. */
  readonly maxIterations: number = 10_000;
  /** Most bytes of all values that a plan makes and receives. */
  readonly maxBytes: number = 32 * MI;
  /** Most bytes that all plans of a session take that run at once: for values, and for running. */
  readonly maxSessionBytes: number = 128 * MI;
  /**
   * Most bytes that the plans of all sessions take that run at once, in the whole process. Over it,
   * only sessions with less than their equal share get more.
   */
  readonly maxProcessBytes: number = 512 * MI;
  /** Most bytes of a plan's result. */
  readonly maxResultBytes: number = 4 * MI;
  /** Milliseconds until a plan is stopped. The caller's deadline may come before. */
  readonly maxTime: number = 10_000;
  /** Most calls under way at once, of all plans of a session. */
  readonly maxCalls: number = 4_096;
  /** Most plans of a session that run at once. */
  readonly maxRuns: number = 64;
  /** Most prepared plans that a runner keeps. Those of the session that has most go first. */
  readonly maxPrepared: number = 256;
}

/** The amounts that a `PlanRunner` accepts. */
export type PlanLimits = DefaultLimits;

/** The name of a limit of plans. */
export type PlanLimitName = keyof PlanLimits;

/** The limits of a runner that sets none. */
export const DEFAULT_PLAN_LIMITS: PlanLimits = Object.freeze({ ...new DefaultLimits() });

/**
 * The complete limits that a runner's option stands for.
 *
 * @throws TypeError for an unknown limit, and for a value that isn't 0 or more
 */
export function resolvePlanLimits(option: Partial<PlanLimits> | undefined): PlanLimits {
  if (!option) return DEFAULT_PLAN_LIMITS;
  const limits: Record<string, number> = { ...DEFAULT_PLAN_LIMITS };
  for (const [name, limit] of Object.entries(option)) {
    if (limit === undefined) continue;
    if (!Object.hasOwn(limits, name)) {
      const known = Object.keys(limits).join(", ");
      throw new TypeError(`limits.${name} isn't a limit of plans. There are ${known}.`);
    }
    if (typeof limit !== "number" || !(limit >= 0)) {
      throw new TypeError(`limits.${name} must be 0 or more. Use Infinity for no limit.`);
    }
    limits[name] = limit;
  }
  return Object.freeze(limits) as unknown as PlanLimits;
}
