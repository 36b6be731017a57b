/** One plan with its outcome, for runners in any language: docs/plans.md, "Vectors". */
export interface PlanVector {
  readonly name: string;
  /** The plan, decoded. A few vectors have things that aren't plans. */
  readonly plan?: unknown;
  /** The hash to run in place of a plan. */
  readonly hash?: string;
  /** The plan's params. Default: `undefined`. */
  readonly params?: unknown;
  /** The result. Missing if the plan fails. */
  readonly result?: unknown;
  /** The failure. Only the members that are there count. */
  readonly error?: VectorError;
  /** The texts that the plan noted, in order. Default: none. */
  readonly notes?: readonly string[];
  /** The limits of the runner. Default: its own. */
  readonly limits?: Readonly<Record<string, number>>;
}

/** Of a call that failed (`PLAN_STEP`), the name, message and code are those of the `cause`. */
export interface VectorError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  /** The number of the failed step. */
  readonly step?: number;
  /** The place in the plan. */
  readonly place?: string;
}

/** A source: where a step takes a value from. */
export type Source = object | number;
export type Step = Readonly<Record<string, any>>;

// Short forms of sources and steps, because the vectors consist of them.

export const value = (plain: unknown): Source => ({ byValue: { value: plain } });
export const result = (index: number): Source => ({ result: { index } });
export const param = (...path: (string | number)[]): Source => ({ param: { path } });
export const variable = (name: string): Source => ({ var: { name } });
/** The test target: see docs/plans.md. */
export const target: Source = { capture: { index: 0 } };

export const call = (id: number, member: string, ...args: Source[]): Step => ({
  call: { target, member, args, result: id },
});
export const callOn = (id: number, on: Source, member: string, ...args: Source[]): Step => ({
  call: { target: on, member, args, result: id },
});
export const get = (id: number, on: Source, ...path: (string | number)[]): Step => ({
  get: { target: on, path, result: id },
});
export const op = (id: number, name: string, ...args: Source[]): Step => ({
  op: { name, args, result: id },
});
/** Notes a text at the target. The result of the step isn't used. */
export const note = (id: number, text: Source): Step => call(id, "note", text);

/** A plan whose result is that of step `last`. */
export const plan = (ops: readonly Step[], last: Source | number) => ({
  v: 1,
  ops,
  result: typeof last === "number" ? result(last) : last,
});
