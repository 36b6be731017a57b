import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { faultOfExit, hang, readComplaint, startWorker, Watchdog } from "./process.ts";
import type { Fault, Sequence } from "./sequence.ts";
import type { Report } from "./worker.ts";

/** Runs single sequences in a process of their own. The process starts again when one ends it. */
export class Trial {
  readonly #target: string;
  readonly #heap: number;
  readonly #limit: number;
  #worker: ChildProcess | undefined;
  #complaint = () => "";

  /** @param limit seconds after which a sequence counts as hanging */
  constructor(target: string, heap: number, limit: number) {
    this.#target = target;
    this.#heap = heap;
    this.#limit = limit;
  }

  /** @returns the faults of the sequence */
  async run(sequence: Sequence): Promise<readonly Fault[]> {
    const worker = this.#worker ?? (await this.#start());
    return new Promise((resolve) => {
      const settle = (faults: readonly Fault[]) => {
        clearInterval(timer);
        worker.removeAllListeners();
        resolve(faults);
      };
      const watchdog = new Watchdog(worker, this.#limit);
      const timer = setInterval(() => {
        if (!watchdog.isHanging) return;
        this.stop();
        settle([hang(this.#limit)]);
      }, 100);
      worker.on("message", (report: Report) => {
        if ("outcome" in report) settle(report.outcome.faults);
      });
      worker.on("exit", (code, signal) => {
        this.#worker = undefined;
        settle([faultOfExit(code, signal, this.#complaint())]);
      });
      worker.send(sequence);
    });
  }

  async #start(): Promise<ChildProcess> {
    const worker = startWorker({ target: this.#target, mild: false }, this.#heap);
    this.#worker = worker;
    this.#complaint = readComplaint(worker);
    await Promise.race([once(worker, "message"), once(worker, "exit")]);
    return worker;
  }

  stop(): void {
    this.#worker?.kill("SIGKILL");
    this.#worker = undefined;
  }
}
