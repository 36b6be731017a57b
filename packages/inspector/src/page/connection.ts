import type { RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import type { Description, InspectorApi } from "../server/inspector-api.ts";
import type { RecordingStore } from "./recording-store.ts";

/** Milliseconds until a lost connection is opened again. */
const RETRY = 1_500;

/** The page's connection to its server. */
export class Connection {
  readonly #store: RecordingStore;
  api: RpcStub<InspectorApi> | undefined;
  description: Description | undefined;
  /** The reason why there is no connection. */
  problem: string | undefined;
  #isStopped = false;

  /** @param isFile true if there is no server, and the store gets its recordings otherwise */
  constructor(store: RecordingStore, isFile = false) {
    this.#store = store;
    if (isFile) this.stop();
    else void this.#run();
  }

  /** Leaves the server, for a file that was opened in the page. */
  stop(): void {
    this.#isStopped = true;
    this.api?.[Symbol.dispose]();
    this.api = undefined;
    this.description = { title: "", way: "file", canCall: false, hasDetails: false };
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#watch();
      } catch (error) {
        if (this.#isStopped) return;
        this.problem = String((error as Error)?.message ?? error);
        this.api = undefined;
        this.#store.changed();
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }

  async #watch(): Promise<void> {
    const url = new URL("socket", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const api = newWebSocketRpcSession<InspectorApi>(url.href);
    try {
      this.description = await api.describe();
      this.#store.title = this.description.title || location.host;
      this.problem = undefined;
      this.api = api;
      this.#store.changed();
      await api.watch((batch) => this.#store.take(batch));
    } finally {
      api[Symbol.dispose]();
    }
  }
}
