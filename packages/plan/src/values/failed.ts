/** The value of a step that failed. Steps that use it fail with the same failure. */
export class Failed {
  readonly error: unknown;
  /** The number of the step that failed first. */
  readonly step: number | undefined;
  /** True if the step broke a rule of plans; its error is a `PlanError`, which tells the step. */
  readonly isOfPlan: boolean;
  /** The param that can't be read, if it is no step that failed. */
  readonly param: string | undefined;

  constructor(error: unknown, step: number | undefined, isOfPlan = false, param?: string) {
    this.error = error;
    this.step = step;
    this.isOfPlan = isOfPlan;
    this.param = param;
  }

  /** The failure of a step that needed this value as a whole. */
  get whole(): Failed {
    return this;
  }
}

/**
 * A list or object of which parts failed. What uses it as a whole fails with the first failure. Its
 * other parts can be used, as those of a `map()` of stubs can.
 */
export class FailedParts extends Failed {
  /** The list or object, with a `Failed` in the place of each failed part. */
  readonly parts: unknown;

  constructor({ error, step, isOfPlan, param }: Failed, parts: unknown) {
    super(error, step, isOfPlan, param);
    this.parts = parts;
  }

  override get whole(): Failed {
    return new Failed(this.error, this.step, this.isOfPlan, this.param);
  }
}

/** The value itself, or that of which parts failed. */
export function partsOf(value: unknown): unknown {
  return value instanceof FailedParts ? value.parts : value;
}
