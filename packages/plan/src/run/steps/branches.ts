import type { IfStep, Step, TryStep } from "../../read/tree.ts";
import { Failed } from "../../values/failed.ts";
import { afterBlock, type Block, type Ended, type Exec, runBlock } from "../block.ts";
import { describeFailure } from "../failure.ts";
import { compileRead, type Frame, type ReadValue } from "../frame.ts";
import type { Run } from "../run.ts";
import { Wait } from "../wait.ts";
import { conditionOf } from "./conditions.ts";

type CompileBlock = (steps: readonly Step[]) => Block;

export function compileBranch(step: IfStep, compileBlock: CompileBlock): Exec {
  const { number, slot } = step;
  const cond = compileRead(step.cond);
  const [whenTrue, whenFalse] = step.branches.map(compileBlock) as [Block, Block];
  const [ifTrue, ifFalse] = step.values.map(compileRead) as [ReadValue, ReadValue];
  return (frame, run) => {
    const value = cond(frame, run);
    if (value instanceof Wait) return value;
    const condition = conditionOf(value, number);
    if (condition instanceof Failed) {
      frame.slots[slot] = condition;
      return undefined;
    }
    const read = condition ? ifTrue : ifFalse;
    return afterBlock(runBlock(condition ? whenTrue : whenFalse, frame, run), (jump) => {
      if (jump === undefined) frame.slots[slot] = read(frame, run);
      return jump;
    });
  };
}

export function compileTry(step: TryStep, compileBlock: CompileBlock): Exec {
  const { slot, failure } = step;
  const body = compileBlock(step.steps);
  const value = compileRead(step.value);
  const caught = compileBlock(step.catch);
  const otherwise = compileRead(step.otherwise);
  const handle = (frame: Frame, run: Run, failed: Failed): Ended => {
    frame.slots[failure.slot] = describeFailure(failed);
    return afterBlock(runBlock(caught, frame, run), () => {
      frame.slots[slot] = otherwise(frame, run);
      return undefined;
    });
  };
  return (frame, run) =>
    afterBlock(runBlock(body, frame, run), () =>
      whenThere(value, frame, run, (result) => {
        if (result instanceof Failed) return handle(frame, run, result);
        frame.slots[slot] = result;
        return undefined;
      }),
    );
}

/** Hands on a value once it is there. */
export function whenThere<T>(
  read: ReadValue,
  frame: Frame,
  run: Run,
  use: (value: unknown) => T | Promise<T>,
): T | Promise<T> {
  const value = read(frame, run);
  if (!(value instanceof Wait)) return use(value);
  return value.done.then(() => {
    run.account.check();
    return whenThere(read, frame, run, use);
  });
}
