/**
 * The wire shape of plans, as docs/plans.md specifies it. It is a superset of the shape of the Rust
 * port. The shapes are objects, so that no value in a plan needs escaping.
 */

/** A plan as plain data: what `plan.toJSON()` returns, and what a runner takes. */
export interface PlanJson {
  /** The version of the shape. */
  readonly v?: 1;
  /** For people: `toString()` and logs show it. */
  readonly name?: string;
  /** The Rust port lists ids here. A runner ignores them: captures arrive beside the plan. */
  readonly captures?: readonly unknown[];
  readonly ops: readonly Op[];
  readonly result: Source;
}

/** The origin of a value that a step uses. */
export type Source =
  | { readonly capture: { readonly index: number } | number }
  /** The capture of that index. */
  | number
  | { readonly result: { readonly index: number } }
  | { readonly param: { readonly path: Path } }
  /** Without `value`: `undefined`, which JSON lacks. */
  | { readonly byValue: { readonly value?: unknown } }
  | { readonly var: { readonly name: string } };

export type Path = readonly (string | number)[];

/** One step. Its only key tells the kind. */
export type Op =
  | { readonly call: CallOp }
  | { readonly get: { readonly target: Source; readonly path: Path } & Numbered }
  | { readonly object: { readonly fields: Readonly<Record<string, Source>> } & Numbered }
  | { readonly array: { readonly items: readonly Source[] } & Numbered }
  | { readonly op: { readonly name: string; readonly args: readonly Source[] } & Numbered }
  | { readonly if: IfOp }
  | { readonly map: ForEach & { readonly value: Source } }
  | { readonly filter: Test }
  | { readonly find: Test }
  | { readonly exists: Test }
  | { readonly all: Test }
  | { readonly reduce: ReduceOp }
  | { readonly loop: LoopOp | WhileOp }
  | { readonly break: { readonly if: Source } }
  | { readonly continue: { readonly if: Source } }
  | { readonly let: Assignment }
  | { readonly set: Assignment }
  | { readonly try: TryOp };

interface Numbered {
  /** The number under which later steps use the result. */
  readonly result: number;
}

export interface CallOp extends Numbered {
  readonly target: Source;
  /** The method. Without one, the target itself is called. */
  readonly member?: string;
  readonly args: readonly Source[];
}

export interface IfOp extends Numbered {
  readonly cond: Source;
  readonly then: readonly Op[];
  readonly else: readonly Op[];
  /** The results of the two blocks. */
  readonly value: readonly [Source, Source];
}

interface ForEach extends Numbered {
  readonly over: Source;
  /** The variable of the element. */
  readonly as: string;
  /** The variable of the element's index. */
  readonly index?: string;
  readonly body: readonly Op[];
}

type Test = ForEach & { readonly cond: Source };

export interface ReduceOp extends ForEach {
  /** The variable of the value so far. */
  readonly acc: string;
  readonly init: Source;
  readonly value: Source;
}

export interface LoopOp extends ForEach {
  readonly value: Source;
}

export interface WhileOp extends Numbered {
  /** Steps that run before each iteration, for `while`. */
  readonly test: readonly Op[];
  readonly while: Source;
  /** The most iterations. */
  readonly max: number;
  readonly body: readonly Op[];
  readonly value: Source;
}

export interface Assignment {
  readonly name: string;
  readonly value: Source;
}

export interface TryOp extends Numbered {
  readonly body: readonly Op[];
  readonly value: Source;
  /** The variable of the failure, in `catch`. */
  readonly as: string;
  readonly catch: readonly Op[];
  /** The result if `value` failed. */
  readonly otherwise: Source;
}
