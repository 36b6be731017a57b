import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import type { ServerPorts } from "../media/port.ts";
import type { ServerOrder } from "../ports/server-thread.ts";
import { startThread } from "../ports/start-thread.ts";
import { besides } from "../program.ts";
import type { Memory } from "./memory.ts";
import type { StartedServer } from "./started.ts";

/** Megabytes of heap that the server may use. */
const HEAP = 512;
/** Milliseconds that the server has to report the size of its heap. */
const PATIENCE = 3_000;

/** A server in a thread of this process. Its module's default export serves ports. */
export class ServerThread implements StartedServer {
  readonly #module: string;
  #worker: Worker | undefined;
  #ending: string | undefined;

  constructor(module: string) {
    this.#module = module;
  }

  get ending(): string | undefined {
    return this.#ending;
  }

  /** Hands ports to the server. Closes them if there is no server. */
  connect(ports: ServerPorts): void {
    if (this.#worker === undefined || this.#ending !== undefined) {
      for (const each of [ports.port, ports.taken]) each.close();
      return;
    }
    const order: ServerOrder = { connect: ports };
    this.#worker.postMessage(order, [ports.port, ports.taken]);
  }

  async memory(): Promise<Memory> {
    const worker = this.#worker;
    if (worker === undefined || this.#ending !== undefined) return {};
    const order: ServerOrder = { measure: true };
    worker.postMessage(order);
    try {
      const [{ used }] = await once(worker, "message", { signal: AbortSignal.timeout(PATIENCE) });
      return { used };
    } catch {
      return {};
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    const url = besides(import.meta.url, "../ports/server-thread");
    const worker = startThread(url, HEAP, { workerData: { module: this.#module } });
    this.#worker = worker;
    this.#ending = undefined;
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#ending ??= `its thread failed: ${String(error)}`;
    });
    worker.once("exit", (code) => {
      if (this.#worker === worker) this.#ending ??= `its thread exited with code ${code}`;
    });
    await Promise.race([once(worker, "message"), once(worker, "exit")]).catch(() => {});
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
