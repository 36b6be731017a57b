import type { PlanTree } from "../read/tree.ts";
import type { Block } from "./block.ts";
import { compileBlock } from "./compile.ts";
import { compileRead, type ReadValue } from "./frame.ts";

/** A plan in the form that is run. It has no state, so it may run many times at once. */
export interface Program {
  readonly block: Block;
  readonly result: ReadValue;
  /** The slots of its frame. */
  readonly slots: number;
  /** The number of captures that it needs. */
  readonly captures: number;
  /** The number of its operations. */
  readonly operations: number;
  /** The bytes of its functions. */
  readonly size: number;
}

/** Bytes of the functions for an operation and for a source, as measured in V8. */
const OPERATION_BYTES = 512;
const SOURCE_BYTES = 160;

/** Makes a program of a plan that was checked. */
export function compile(tree: PlanTree): Program {
  const { slots, captures, operations, sources } = tree;
  return {
    block: compileBlock(tree.steps),
    result: compileRead(tree.result),
    slots,
    captures,
    operations,
    size: OPERATION_BYTES * operations + SOURCE_BYTES * sources,
  };
}
