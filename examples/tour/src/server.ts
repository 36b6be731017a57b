import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { PublicApi } from "./api.ts";

/** A server of both transports on one port of the loopback interface. */
export async function startServer(port: number) {
  const server = createServer((request, response) => {
    if (request.url === "/batch") {
      void nodeHttpBatchRpcResponse(request, response, new PublicApi());
    } else {
      response.writeHead(404).end("Batches go to /batch, WebSockets to /session.\n");
    }
  });
  const sessions = attachWebSocketRpc(server, () => new PublicApi(), { path: "/session" });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    batchUrl: `http://${host}/batch`,
    sessionUrl: `ws://${host}/session`,
    async stop() {
      sessions.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
