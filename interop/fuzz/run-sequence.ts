import { type Fault, type Outcome, type Sequence, type Target, turn } from "./sequence.ts";
import { describe, takeUnhandled } from "./unhandled.ts";

/** Seconds of processor time that a sequence may take. */
export const SLOW = 2;

/** Runs a sequence. Adds the faults of the process to those that the target reports. */
export async function runSequence(target: Target, sequence: Sequence): Promise<Outcome> {
  const faults: Fault[] = [];
  let survived = false;
  let remains: Outcome["remains"];
  const since = process.cpuUsage();
  try {
    const outcome = await target.run(sequence);
    faults.push(...outcome.faults);
    ({ survived, remains } = outcome);
  } catch (error) {
    faults.push({ kind: "the run fails", detail: describe(error) });
    await turn();
  }
  const { user, system } = process.cpuUsage(since);
  if (user + system > SLOW * 1e6) {
    faults.push({
      kind: "slow",
      detail: `${((user + system) / 1e6).toFixed(1)} s of the processor`,
    });
  }
  faults.push(...takeUnhandled());
  return { faults, survived, remains };
}

/** Collects garbage twice: objects that a finalizer releases go with the second collection. */
export async function collectGarbage(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  for (let i = 0; i < 2; i++) {
    await turn();
    gc?.();
  }
}
