import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Fault } from "./sequence.ts";
import type { Task } from "./worker.ts";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Starts a worker, whose heap is bounded. */
export function startWorker(task: Task, heap: number): ChildProcess {
  return fork(new URL("./worker.ts", import.meta.url), [JSON.stringify(task)], {
    execArgv: ["--expose-gc", `--max-old-space-size=${heap}`, "--import", TSX],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** Keeps the part of a worker's complaints that says why it ended. */
export function readComplaint(worker: ChildProcess): () => string {
  let text = "";
  worker.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-20_000);
  });
  return () => /FATAL ERROR: .*|\w*Error: .*/.exec(text)?.[0] ?? text.trim().slice(-300);
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

/** The fault of a worker that was ended because it got nowhere. */
export function hang(limit: number): Fault {
  return { kind: "a hang", detail: `no end within ${limit} s` };
}
