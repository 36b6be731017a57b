import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Fault } from "./sequence.ts";
import type { Task } from "./worker.ts";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Starts a worker with a bounded heap. */
export function startWorker(task: Task, heap: number): ChildProcess {
  return fork(new URL("./worker.ts", import.meta.url), [JSON.stringify(task)], {
    execArgv: ["--expose-gc", `--max-old-space-size=${heap}`, "--import", TSX],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** Keeps the part of a worker's output that says why it ended. */
export function readComplaint(worker: ChildProcess): () => string {
  let text = "";
  worker.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-20_000);
  });
  // A fatal error comes last, after those that the application printed.
  return () =>
    (/FATAL ERROR: .*/.exec(text) ?? /\w*Error: .*/.exec(text))?.[0] ?? text.trim().slice(-300);
}

/** The fault of a worker that ended by itself. */
export function faultOfExit(code: number | null, signal: string | null, complaint: string): Fault {
  if (code === 0 || code === 13) {
    return {
      kind: "the process ends",
      detail: "The sequence waits for something that can't come.",
    };
  }
  return { kind: "the process ends", detail: `${signal ?? `code ${code}`} ${complaint}` };
}

/** Ticks per second of the clock in `/proc`. */
const TICKS = 100;

/** The ratio of waiting to computing that a sequence may have. */
const WAITING = 4;

/**
 * Tells a hang from a busy machine. Measures processor time if the system has `/proc`, and the
 * clock's time otherwise.
 */
export class Watchdog {
  readonly #pid: number | undefined;
  readonly #limit: number;
  #since = Date.now();
  #spentBefore: number | undefined;

  /** @param limit seconds */
  constructor({ pid }: ChildProcess, limit: number) {
    this.#pid = pid;
    this.#limit = limit;
    this.#spentBefore = this.#spent();
  }

  /** Notes that another sequence has begun. */
  reset(): void {
    this.#since = Date.now();
    this.#spentBefore = this.#spent();
  }

  get isHanging(): boolean {
    const elapsed = (Date.now() - this.#since) / 1_000;
    if (elapsed < this.#limit) return false;
    const spent = this.#spent();
    if (spent === undefined || this.#spentBefore === undefined) return true;
    return spent - this.#spentBefore > this.#limit || elapsed > WAITING * this.#limit;
  }

  #spent(): number | undefined {
    try {
      const stat = readFileSync(`/proc/${this.#pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS;
    } catch {
      return undefined;
    }
  }
}

/** The fault of a worker that was ended because it made no progress. */
export function hang(limit: number): Fault {
  return { kind: "a hang", detail: `no end within ${limit} s` };
}
