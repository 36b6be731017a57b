import { OURS, REFERENCE, withSessionOptions } from "../implementation.ts";
import type { Difference } from "./compare.ts";
import { type Program, runProgram } from "./run.ts";

/** Our sessions, without the messages that announce garbage collection. */
export const RELEASING_NOTHING = withSessionOptions(OURS, { releaseForgotten: false });

/** Runs a program with both implementations. */
export async function runBoth(program: Program): Promise<Difference> {
  return {
    program,
    reference: await runProgram(REFERENCE, program),
    ours: await runProgram(RELEASING_NOTHING, program),
  };
}
