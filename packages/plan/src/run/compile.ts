import type { Step } from "../read/tree.ts";
import type { Block, Exec } from "./block.ts";
import { compileBranch, compileTry } from "./steps/branches.ts";
import { compileConcurrent } from "./steps/concurrent.ts";
import { compileArray, compileObject } from "./steps/containers.ts";
import { compileLoop, compileReduce, compileSearch, compileWhile } from "./steps/loops.ts";
import { compileOperator } from "./steps/operators.ts";
import { compileCall, compileGet } from "./steps/references.ts";
import { compileAssign, compileJump } from "./steps/variables.ts";

type Compilers = {
  readonly [Kind in Step["kind"]]: (
    step: Extract<Step, { kind: Kind }>,
    compileBlock: (steps: readonly Step[]) => Block,
  ) => Exec;
};

const COMPILERS: Compilers = {
  call: compileCall,
  get: compileGet,
  object: compileObject,
  array: compileArray,
  op: compileOperator,
  if: compileBranch,
  try: compileTry,
  map: compileConcurrent,
  filter: compileConcurrent,
  find: compileSearch,
  exists: compileSearch,
  all: compileSearch,
  loop: compileLoop,
  reduce: compileReduce,
  while: compileWhile,
  let: compileAssign,
  set: compileAssign,
  break: compileJump,
  continue: compileJump,
};

/** Makes the functions that run the steps of a block. */
export function compileBlock(steps: readonly Step[]): Block {
  return steps.map((step) => {
    const compileStep = COMPILERS[step.kind] as (step: Step, nested: typeof compileBlock) => Exec;
    return compileStep(step, compileBlock);
  });
}
