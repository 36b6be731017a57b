import { Failed } from "../values/failed.ts";
import { runBlock } from "./block.ts";
import { failureOf } from "./failure.ts";
import { Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import type { Run } from "./run.ts";
import { Wait } from "./wait.ts";

/**
 * Runs a program.
 *
 * @returns the plan's result, whose capabilities the caller owns
 */
export function execute(run: Run, program: Program): Promise<unknown> {
  return run.guard(() => evaluate(run, program));
}

async function evaluate(run: Run, program: Program): Promise<unknown> {
  const { account } = run;
  account.check();
  const measured = run.measureParams();
  if (measured) await measured;
  const frame = new Frame(program.slots, undefined);
  await runBlock(program.block, frame, run);
  let result = program.result(frame, run);
  while (result instanceof Wait) {
    await result.done;
    account.check();
    result = program.result(frame, run);
  }
  await run.callsSettled();
  if (result instanceof Failed) throw failureOf(result);
  return run.copyOut(result);
}
