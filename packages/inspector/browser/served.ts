import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { inspect } from "../src/index.ts";

/** A server with an inspector. */
export interface Served {
  readonly port: number;
  readonly url: string;
  readonly pageUrl: string;
  stop(): Promise<void>;
}

/** Starts a server with an inspector on 127.0.0.1. */
export async function serve(createMain: () => object, port = 0): Promise<Served> {
  const host = new RpcHost({ createMain });
  const server = createServer();
  attachHost(host, server, { path: "/api" });
  const inspector = inspect(host, { server, authorize: () => true, details: true });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: listening } = server.address() as AddressInfo;
  return {
    port: listening,
    url: `ws://127.0.0.1:${listening}/api`,
    pageUrl: `http://127.0.0.1:${listening}/__capnweb/`,
    async stop() {
      inspector.close();
      await host.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
