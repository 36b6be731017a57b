import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const PROGRAM = fileURLToPath(new URL("capnweb-server.mjs", import.meta.url));

/** A server of the unmodified `capnweb`, in a process that can be killed and started again. */
export class ServerProcess {
  readonly #folder = mkdtempSync(join(tmpdir(), "reconnect-"));
  readonly #journal = join(this.#folder, "journal");
  #process: ChildProcess | undefined;
  #port = 0;

  constructor() {
    writeFileSync(this.#journal, "");
    onTestFinished(async () => {
      await this.kill();
      rmSync(this.#folder, { recursive: true });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  /** Starts the server, on the same port each time. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, String(this.#port), this.#journal], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#process = child;
    const [line] = await once(child.stdout, "data");
    this.#port = Number(String(line));
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.kill(name);
  }

  /** Ends the server without a goodbye. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#process = undefined;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** The number of times that each id was recorded. */
  journal(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const id of readFileSync(this.#journal, "utf8").split("\n").slice(0, -1)) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }
}
