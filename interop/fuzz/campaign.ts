import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { minimise } from "./minimise.ts";
import { faultOfExit, hang, readComplaint, startWorker, Watchdog } from "./process.ts";
import { Random } from "./random.ts";
import { type Fault, type Sequence, signature } from "./sequence.ts";
import { TARGETS } from "./targets/index.ts";
import { Trial } from "./trial.ts";
import type { Counts, Report, Task } from "./worker.ts";

/** The extent of a campaign against one target. */
export interface CampaignOptions {
  readonly target: string;
  readonly seed: number;
  /** The number of messages after which the campaign ends. */
  readonly messages: number;
  /** Seconds after which the campaign ends. Minimising findings doesn't count. */
  readonly seconds: number;
  /** Leaves out small messages that ask for much work. */
  readonly mild?: boolean | undefined;
  /** The number of the first sequence. */
  readonly from?: number | undefined;
  /** Seconds of processor time after which a sequence counts as hanging. */
  readonly limit?: number | undefined;
  /** Megabytes of heap that a worker may use. */
  readonly heap?: number | undefined;
  /** Seconds for minimising each finding. */
  readonly minimiseFor?: number | undefined;
  /** A pattern of known findings to ignore. */
  readonly ignore?: RegExp | undefined;
  /** Called with each distinct finding, once it is minimised. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
}

/** A sequence that breaks an invariant. It is the content of a file that `--replay` takes. */
export interface Finding extends Sequence {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly fault: Fault;
  /** True if it failed again when run alone. */
  readonly isReproducible: boolean;
}

/** The result of a campaign. */
export interface CampaignResult extends Counts {
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/** Findings after which the campaign stops. */
const ENOUGH = 50;

/** Attacks a target, and continues after each finding. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const since = Date.now();
  const end = since + options.seconds * 1_000;
  const { target, seed, limit = 10, heap = 384, minimiseFor = 30, mild = false } = options;
  const findings = new Map<string, Finding>();
  const trial = new Trial(target, heap, Math.min(limit, 5));
  const total: Counts = { sequences: 0, messages: 0, survived: 0 };
  let attacked = 0;
  let from = options.from ?? 0;
  const keep = async ({ fault, index }: Found) => {
    const name = signature(fault);
    if (options.ignore?.test(name)) return;
    if (findings.has(name) || findings.size >= ENOUGH) return;
    const sequence = TARGETS[target]!.generate(Random.of(seed, index), mild);
    const smaller = await minimise(sequence, fault, (each) => trial.run(each), minimiseFor);
    const isReproducible = smaller !== undefined;
    const finding = { target, seed, index, fault, isReproducible, ...(smaller ?? sequence) };
    findings.set(name, finding);
    options.onFinding?.(finding);
  };
  // Minimises one finding at a time, while the attack goes on.
  let keeping = Promise.resolve();
  const onFound = (found: Found) => {
    keeping = keeping.then(() => keep(found));
  };
  for (;;) {
    const left = options.messages - total.messages;
    const round = new Round({ target, seed, from, mild, messages: left }, heap, limit, end);
    const began = Date.now();
    const { counts, next } = await round.run(onFound);
    attacked += Date.now() - began;
    total.sequences += counts.sequences;
    total.messages += counts.messages;
    total.survived += counts.survived;
    from = next ?? from;
    if (next === undefined || Date.now() >= end || findings.size >= ENOUGH) break;
  }
  await keeping;
  trial.stop();
  return { ...total, findings: [...findings.values()], seconds: attacked / 1_000 };
}

interface Found {
  readonly fault: Fault;
  readonly index: number;
}

interface RoundResult {
  readonly counts: Counts;
  /** The sequence to continue with; `undefined` if all is done. */
  readonly next: number | undefined;
}

type RoundTask = Task & { readonly from: number };

/** The life of one worker. */
class Round {
  readonly #task: RoundTask;
  readonly #heap: number;
  readonly #limit: number;
  readonly #end: number;
  readonly #directory = mkdtempSync(join(tmpdir(), "capnweb-fuzz-"));
  readonly #progress = join(this.#directory, "progress");

  constructor(task: RoundTask, heap: number, limit: number, end: number) {
    this.#task = task;
    this.#heap = heap;
    this.#limit = limit;
    this.#end = end;
  }

  async run(onFound: (found: Found) => void): Promise<RoundResult> {
    let counts: Counts = { sequences: 0, messages: 0, survived: 0 };
    let isDone = false;
    let ended: Fault | undefined;
    const worker = startWorker({ ...this.#task, progress: this.#progress }, this.#heap);
    const complaint = readComplaint(worker);
    worker.on("message", (report: Report) => {
      if ("found" in report) onFound({ fault: report.found, index: report.index });
      if ("counts" in report) ({ counts, done: isDone } = report);
    });
    let last = -1;
    const watchdog = new Watchdog(worker, this.#limit);
    const timer = setInterval(() => {
      const index = this.#index();
      if (index !== last) {
        last = index;
        watchdog.reset();
      } else if (watchdog.isHanging) {
        ended = hang(this.#limit);
        worker.kill("SIGKILL");
      }
      if (Date.now() > this.#end) {
        isDone = true;
        worker.kill("SIGKILL");
      }
    }, 100);
    const [code, signal] = (await once(worker, "exit")) as [number | null, string | null];
    clearInterval(timer);
    const index = this.#index();
    rmSync(this.#directory, { recursive: true, force: true });
    if (isDone) return { counts, next: undefined };
    ended ??= faultOfExit(code, signal, complaint());
    onFound({ fault: ended, index });
    return { counts, next: index + 1 };
  }

  /** The number of the current sequence. */
  #index(): number {
    try {
      return Number.parseInt(readFileSync(this.#progress, "utf8"), 10);
    } catch {
      return this.#task.from;
    }
  }
}
