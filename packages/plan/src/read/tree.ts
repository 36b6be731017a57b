import type { OperatorName } from "../operators/names.ts";

/** A plan that was checked, with the places of all values resolved. */
export interface PlanTree {
  readonly name: string | undefined;
  readonly steps: readonly Step[];
  readonly result: Read;
  /** The number of slots of the plan's own frame. */
  readonly slots: number;
  /** The number of captures that the plan needs. */
  readonly captures: number;
  /** The number of operations, those in blocks included. */
  readonly operations: number;
  /** The number of sources, those in blocks included. */
  readonly sources: number;
}

/** The place of a value. */
export type Read =
  | { readonly kind: "capture"; readonly index: number }
  | { readonly kind: "param"; readonly path: readonly (string | number)[] }
  | { readonly kind: "value"; readonly value: unknown }
  | SlotRead;

/** A value in a frame. */
export interface SlotRead {
  readonly kind: "slot";
  /** The number of frames to go out. */
  readonly up: number;
  readonly index: number;
  /** For people: the variable or `#` and the number of the step. */
  readonly label: string;
}

interface Numbered {
  /** The number of the step in the plan. */
  readonly number: number;
  /** The place of its result in the frame. */
  readonly slot: number;
}

/** The steps that run for each element of a list. */
interface ForEach extends Numbered {
  readonly over: Read;
  readonly item: Variable;
  readonly index: Variable | undefined;
  readonly steps: readonly Step[];
  /** The slots of a frame for each element; 0 if the steps use the frame around them. */
  readonly slots: number;
  readonly value: Read;
}

/** A variable that a step sets. */
export interface Variable {
  readonly name: string;
  readonly slot: number;
}

export interface CallStep extends Numbered {
  readonly kind: "call";
  readonly target: Read;
  readonly member: string | undefined;
  readonly args: readonly Read[];
}

export interface GetStep extends Numbered {
  readonly kind: "get";
  readonly target: Read;
  readonly path: readonly (string | number)[];
}

export interface ObjectStep extends Numbered {
  readonly kind: "object";
  readonly fields: readonly (readonly [key: string, value: Read])[];
}

export interface ArrayStep extends Numbered {
  readonly kind: "array";
  readonly items: readonly Read[];
}

export interface OperatorStep extends Numbered {
  readonly kind: "op";
  readonly name: OperatorName;
  readonly args: readonly Read[];
}

export interface IfStep extends Numbered {
  readonly kind: "if";
  readonly cond: Read;
  readonly branches: readonly [readonly Step[], readonly Step[]];
  readonly values: readonly [Read, Read];
}

/** Elements run concurrently, each in a frame of its own. */
export interface ConcurrentStep extends ForEach {
  readonly kind: "map" | "filter";
}

/** Elements run in order, until one decides the result. `value` is the condition. */
export interface SearchStep extends ForEach {
  readonly kind: "find" | "exists" | "all";
}

export interface LoopStep extends ForEach {
  readonly kind: "loop";
}

export interface ReduceStep extends ForEach {
  readonly kind: "reduce";
  readonly acc: Variable;
  readonly init: Read;
}

export interface WhileStep extends Numbered {
  readonly kind: "while";
  readonly test: readonly Step[];
  readonly cond: Read;
  readonly max: number;
  readonly steps: readonly Step[];
  readonly value: Read;
}

export interface JumpStep {
  readonly kind: "break" | "continue";
  readonly cond: Read;
}

export interface AssignStep {
  readonly kind: "let" | "set";
  readonly variable: Variable;
  readonly value: Read;
}

export interface TryStep extends Numbered {
  readonly kind: "try";
  readonly steps: readonly Step[];
  readonly value: Read;
  readonly failure: Variable;
  readonly catch: readonly Step[];
  readonly otherwise: Read;
}

export type Step =
  | CallStep
  | GetStep
  | ObjectStep
  | ArrayStep
  | OperatorStep
  | IfStep
  | ConcurrentStep
  | SearchStep
  | LoopStep
  | ReduceStep
  | WhileStep
  | JumpStep
  | AssignStep
  | TryStep;
