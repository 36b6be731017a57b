import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** The server of `npm start` in a process of its own, which can be stopped and started again. */
export class ServerProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), "chat-"));
  #process: ChildProcess | undefined;
  #url = "http://localhost:0/";

  get url(): string {
    return this.#url;
  }

  /** Starts the server, on the same port each time. */
  async start(): Promise<void> {
    const { port } = new URL(this.#url);
    const child = spawn(process.execPath, ["--import", "tsx", PROGRAM], {
      env: { ...process.env, PORT: port, DATA: this.#folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = child;
    const [line] = await once(child.stdout, "data");
    this.#url = /http:\S+/.exec(String(line))![0];
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#process = undefined;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }

  /** Ends the server, and removes its data. */
  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.#folder, { recursive: true });
  }
}
