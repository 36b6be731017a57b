import { spawn } from "node:child_process";

/** Most characters of the command's output to keep. */
const KEPT = 4000;

/** A server that a shell command started, with everything that the command started in turn. */
export class StartedCommand {
  readonly #command: string;
  readonly #child;
  #output = "";
  #ending: string | undefined;
  readonly #exited: Promise<void>;

  /** @param command a line for the shell, which runs until it is stopped */
  constructor(command: string) {
    this.#command = command;
    this.#child = spawn(command, {
      shell: true,
      stdio: ["ignore", "pipe", "pipe"],
      // Makes a group of processes, which ends as a whole.
      detached: process.platform !== "win32",
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on("data", (data) => {
        this.#output = (this.#output + data).slice(-KEPT);
      });
    }
    this.#exited = new Promise((resolve) => {
      this.#child.once("error", (error) => {
        this.#ending = error.message;
        resolve();
      });
      this.#child.once("exit", (code, signal) => {
        this.#ending ??= signal ?? `exit code ${code}`;
        resolve();
      });
    });
    process.once("exit", this.#kill);
  }

  /** The error if the command has ended by itself; `undefined` while it runs. */
  get failure(): Error | undefined {
    if (this.#ending === undefined) return undefined;
    const output = this.#output.trim();
    const said = output === "" ? "It printed nothing." : `The end of its output:\n${output}`;
    return new Error(`--start "${this.#command}" ended with ${this.#ending}. ${said}`);
  }

  /** Ends the command and its children. */
  async stop(): Promise<void> {
    process.off("exit", this.#kill);
    this.#kill();
    await this.#exited;
  }

  readonly #kill = (): void => {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#child.kill();
      else process.kill(-pid, "SIGKILL");
    } catch {
      // The group has ended already.
    }
  };
}
