import { fork } from "node:child_process";
import { createRequire } from "node:module";

/** Milliseconds that a program has for an answer. */
const TIME_TO_ANSWER = 5_000;

/** A program in a process or thread of its own. */
export interface Spawned {
  send(question: object): void;
  /** @returns a function that stops listening */
  onAnswer(listener: (answer: unknown) => void): () => void;
  onExit(listener: () => void): () => void;
  /** Ends the program, whatever it is doing. */
  kill(): void;
}

/**
 * Starts a program.
 *
 * @param url the module's URL, with the extension of the calling module: `.ts` in the repository,
 *   `.js` in the package
 * @param megabytes the limit of its heap
 */
export type Spawn = (url: URL, megabytes: number) => Spawned;

/** The flags of Node that a module of this package needs. */
export function flagsFor(url: URL): string[] {
  if (!url.pathname.endsWith(".ts")) return [];
  return ["--import", createRequire(import.meta.url).resolve("tsx")];
}

/** Starts a program in a process of its own. */
export const spawnProcess: Spawn = (url, megabytes) => {
  const execArgv = [`--max-old-space-size=${megabytes}`, ...flagsFor(url)];
  const child = fork(url, [], { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  // `Program` itself notices a program that has ended.
  child.on("error", () => {});
  return {
    send: (question) => child.send(question, () => {}),
    onAnswer(listener) {
      child.on("message", listener);
      return () => child.off("message", listener);
    },
    onExit(listener) {
      child.on("exit", listener);
      return () => child.off("exit", listener);
    },
    kill: () => child.kill("SIGKILL"),
  };
};

/** A program of this folder. It answers one question at a time. */
export class Program<Question, Answer> {
  readonly #spawned: Spawned;
  #stopped = false;

  constructor(spawned: Spawned) {
    this.#spawned = spawned;
    spawned.onExit(() => {
      this.#stopped = true;
    });
  }

  /** True if the program has ended. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** @returns the answer; `undefined` if the program ends, or doesn't answer in time */
  ask(question: Question, timeout = TIME_TO_ANSWER): Promise<Answer | undefined> {
    if (this.#stopped) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const done = (answer: Answer | undefined) => {
        clearTimeout(timer);
        stopListening();
        stopWaiting();
        resolve(answer);
      };
      const stopListening = this.#spawned.onAnswer((answer) => done(answer as Answer));
      const stopWaiting = this.#spawned.onExit(() => done(undefined));
      const timer = setTimeout(() => done(undefined), timeout);
      this.#spawned.send(question as object);
    });
  }

  /** Ends the program. */
  stop(): void {
    this.#stopped = true;
    this.#spawned.kill();
  }
}

/** The URL of a module beside `from`, with the same extension as `from`. */
export function besides(from: string, name: string): URL {
  return new URL(`${name}${from.slice(from.lastIndexOf("."))}`, from);
}
