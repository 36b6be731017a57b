import { type ChildProcess, spawn } from "node:child_process";
import type { StartedServer } from "./started.ts";

/** A server that a shell command starts. */
export class ServerCommand implements StartedServer {
  readonly #command: string;
  #child: ChildProcess | undefined;
  #ending: string | undefined;

  /** @param command a line for the shell. It must start the server at the attacked URL */
  constructor(command: string) {
    this.#command = command;
  }

  /** The process, while it runs. */
  get pid(): number | undefined {
    return this.#ending === undefined ? this.#child?.pid : undefined;
  }

  /** The signal or exit code of a process that ended by itself. */
  get ending(): string | undefined {
    return this.#ending;
  }

  /** Ends the current process, if any, and starts another. */
  async restart(): Promise<void> {
    await this.stop();
    // With `exec`, the process is the server instead of a shell.
    const line = process.platform === "win32" ? this.#command : `exec ${this.#command}`;
    const child = spawn(line, { shell: true, stdio: ["ignore", "ignore", "ignore"] });
    this.#child = child;
    this.#ending = undefined;
    child.on("error", (error) => {
      if (this.#child === child) this.#ending = error.message;
    });
    child.once("exit", (code, signal) => {
      if (this.#child === child) this.#ending = signal ?? `exit code ${code}`;
    });
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
  }
}
