/**
 * The process under attack. `campaign.ts` and `trial.ts` start it, watch it, and survive it. It
 * runs one target, on sequences that follow from a seed or that the parent sends.
 */
import { openSync, writeSync } from "node:fs";
import { MEMORY_CHECK, Memory } from "./memory.ts";
import { Random } from "./random.ts";
import { collectGarbage, runSequence } from "./run-sequence.ts";
import { countMessages, type Fault, type Outcome, type Sequence, signature } from "./sequence.ts";
import { TARGETS } from "./targets/index.ts";
import { takeUnhandled, watchProcess } from "./unhandled.ts";

/** The task of a worker, passed as JSON in its only argument. */
export interface Task {
  readonly target: string;
  readonly mild: boolean;
  /** The seed; `undefined` if the parent sends sequences. */
  readonly seed?: number;
  readonly from?: number;
  readonly messages?: number;
  /** A file whose first line is the number of the current sequence. */
  readonly progress?: string;
}

/** A message of a worker to its parent. */
export type Report =
  | { readonly ready: true }
  | { readonly outcome: Pick<Outcome, "faults" | "survived"> }
  | { readonly found: Fault; readonly index: number; readonly sequence: Sequence }
  | { readonly done: boolean; readonly counts: Counts };

/** A worker's totals so far. */
export interface Counts {
  sequences: number;
  messages: number;
  survived: number;
}

const task = JSON.parse(process.argv[2]!) as Task;
const target = TARGETS[task.target]!;

function tell(report: Report): void {
  process.send?.(report);
}

/** Runs the sequences that the parent sends. */
function serve(): void {
  process.on("message", async (sequence: Sequence) => {
    const { faults, survived, remains } = await runSequence(target, sequence);
    await collectGarbage();
    if (remains?.deref()) await collectGarbage();
    const held = remains?.deref() ? [HELD] : [];
    tell({ outcome: { faults: [...faults, ...held], survived } });
  });
  tell({ ready: true });
}

const HELD: Fault = { kind: "the session is held after its end", detail: "" };

/** Runs sequences that follow from a seed, until enough messages were sent. */
async function attack(seed: number, from: number): Promise<void> {
  const counts: Counts = { sequences: 0, messages: 0, survived: 0 };
  const progress = task.progress === undefined ? undefined : openSync(task.progress, "w");
  const known = new Set<string>();
  const memory = new Memory();
  const found = (fault: Fault, index: number) => {
    const name = signature(fault);
    if (known.has(name)) return;
    known.add(name);
    tell({ found: fault, index, sequence: target.generate(Random.of(seed, index), task.mild) });
  };
  let told = Date.now();
  for (let index = from; counts.messages < (task.messages ?? Infinity); index++) {
    if (progress !== undefined) writeSync(progress, `${index}\n`, 0);
    const sequence = target.generate(Random.of(seed, index), task.mild);
    const { faults, survived, remains } = await runSequence(target, sequence);
    for (const fault of faults) found(fault, index);
    counts.sequences++;
    counts.messages += countMessages(sequence);
    if (survived) counts.survived++;
    // Objects that remain after a fault say nothing new.
    if (remains && faults.length === 0) memory.watch(index, remains);
    if (index % MEMORY_CHECK === MEMORY_CHECK - 1) {
      for (const [fault, of] of await memory.check(index)) found(fault, of);
    }
    if (Date.now() - told > 500) {
      told = Date.now();
      tell({ done: false, counts });
    }
  }
  tell({ done: true, counts });
  process.disconnect?.();
  process.exit();
}

watchProcess();
process.on("disconnect", () => process.exit());
try {
  await target.start?.();
  takeUnhandled();
  if (task.seed === undefined) serve();
  else await attack(task.seed, task.from ?? 0);
} catch (error) {
  // A fault of the fuzzer itself, which the handlers of the process would hide.
  console.error(error);
  process.exit(3);
}
