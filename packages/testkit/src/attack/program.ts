import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";

/** Milliseconds that a program has for its answer. */
const TIME_TO_ANSWER = 5_000;

/** A program of this folder in a process of its own, which answers one question at a time. */
export class Program<Question, Answer> {
  readonly #child: ChildProcess;
  #stopped = false;

  /**
   * @param url where the program's module is, with the extension of the module that asks: `.ts` in
   *   the repository, `.js` in the package
   * @param megabytes the most that its heap may grow to
   */
  constructor(url: URL, megabytes: number) {
    const execArgv = [`--max-old-space-size=${megabytes}`];
    if (url.pathname.endsWith(".ts")) {
      execArgv.push("--import", createRequire(import.meta.url).resolve("tsx"));
    }
    this.#child = fork(url, [], { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    this.#child.once("exit", () => {
      this.#stopped = true;
    });
    // Sending to a program that is gone: `ask` notices by itself.
    this.#child.on("error", () => {});
  }

  /** Whether the process is gone. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** @returns the answer; `undefined` if the program ends, or doesn't answer in time */
  ask(question: Question, timeout = TIME_TO_ANSWER): Promise<Answer | undefined> {
    if (this.#stopped) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const done = (answer: Answer | undefined) => {
        clearTimeout(timer);
        this.#child.off("message", onMessage);
        this.#child.off("exit", onExit);
        resolve(answer);
      };
      const onMessage = (answer: unknown) => done(answer as Answer);
      const onExit = () => done(undefined);
      const timer = setTimeout(onExit, timeout);
      this.#child.on("message", onMessage);
      this.#child.on("exit", onExit);
      this.#child.send(question as object, () => {});
    });
  }

  /** Ends the process. */
  stop(): void {
    this.#stopped = true;
    this.#child.kill("SIGKILL");
  }
}

/** The URL of a module beside `from`, with the extension that `from` has. */
export function besides(from: string, name: string): URL {
  return new URL(`${name}${from.slice(from.lastIndexOf("."))}`, from);
}
