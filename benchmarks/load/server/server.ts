import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { type Snapshot, takeSnapshot } from "../driver/snapshot.ts";
import { type Leak, LeakyApi } from "./leaky-api.ts";
import { LoadApi } from "./load-api.ts";
import { type Strain, Watch } from "./watch.ts";

/** The server under load, as the driver sees it. */
export interface ServerFunctions {
  /** Listens on a free port of the loopback interface, which it returns. */
  listen(leaks: readonly Leak[]): Promise<number>;
  /** Sums over all sessions. */
  tables(): Promise<Tables>;
  snapshot(): Promise<Snapshot>;
  watch(): Promise<void>;
  watched(): Promise<Strain>;
}

/** Sums of the statistics of all sessions. */
export type Tables = Record<"sessions" | "imports" | "exports" | "calls" | "heldBytes", number>;

/** All clients of a load test have one address, which a server must be told to allow. */
const MOST_SESSIONS = 100_000;

export class Server implements ServerFunctions {
  #host: RpcHost | undefined;
  #watch: Watch | undefined;

  async listen(leaks: readonly Leak[]): Promise<number> {
    const host = new RpcHost({
      createMain: () => (leaks.length > 0 ? new LeakyApi(leaks) : new LoadApi()),
      maxSessions: MOST_SESSIONS,
      maxSessionsPerAddress: MOST_SESSIONS,
    });
    const server = createServer();
    attachHost(host, server, { path: "/" });
    server.listen({ port: 0, host: "127.0.0.1", backlog: 4_096 });
    await once(server, "listening");
    this.#host = host;
    return (server.address() as AddressInfo).port;
  }

  async tables(): Promise<Tables> {
    return this.#tables();
  }

  #tables(): Tables {
    const sums: Tables = { sessions: 0, imports: 0, exports: 0, calls: 0, heldBytes: 0 };
    for (const { statistics } of this.#host!.sessions) {
      sums.sessions++;
      sums.imports += statistics.imports;
      sums.exports += statistics.exports;
      sums.calls += statistics.calls;
      sums.heldBytes += statistics.heldBytes;
    }
    return sums;
  }

  snapshot(): Promise<Snapshot> {
    return takeSnapshot(() => this.#tables());
  }

  async watch(): Promise<void> {
    this.#watch = new Watch();
  }

  async watched(): Promise<Strain> {
    return this.#watch!.stop();
  }
}
