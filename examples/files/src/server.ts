import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { Gate } from "./gate.ts";
import { loadKeys } from "./keys.ts";
import { Site } from "./site.ts";

export interface ServerOptions {
  /** The port; 0 picks a free one. */
  readonly port: number;
  /** The folder of the files and the key. */
  readonly folder: string;
  /** Bytes that all files together may have. */
  readonly quota: number;
}

/** Starts the server of sessions, at `/api` of the loopback interface. */
export async function startServer({ port, folder, quota }: ServerOptions) {
  mkdirSync(folder, { recursive: true });
  const site = await Site.open({ path: folder, quota, keys: loadKeys(join(folder, "key")) });
  const host = new RpcHost({ createMain: () => new Gate(site) });
  const server = createServer();
  attachHost(host, server, { path: "/api" });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  return {
    host,
    server,
    url,
    /** The link to everything, for reading and writing. */
    link: `${url}#${await site.durable.seal(site.root)}`,
    async stop() {
      await host.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
