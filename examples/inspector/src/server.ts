import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { inspect } from "@capnweb/inspector";
import { Shop } from "./shop.ts";

/** Starts the shop on 127.0.0.1, with an inspector. */
export async function startShop(port = 0) {
  const host = new RpcHost({ createMain: () => new Shop() });
  const server = createServer();
  attachHost(host, server, { path: "/api" });
  const inspector = inspect(host, { server, details: true });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `ws://${address}/api`,
    pageUrl: `http://${address}/__capnweb/`,
    inspector,
    async stop() {
      inspector.close();
      await host.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
