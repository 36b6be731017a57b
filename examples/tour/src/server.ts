import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";
import { serveWebTransportRpc } from "@capnweb/transport-webtransport/node";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { PublicApi } from "./api.ts";

/**
 * Starts a server on the loopback interface: batches and WebSockets on one port, WebTransport on
 * the next. Port 0 picks any free ports.
 */
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
  const { cert, privKey, hash } = await createDevCertificate(["127.0.0.1"]);
  const webTransport = await serveWebTransportRpc(
    { port: port === 0 ? 0 : port + 1, host: "127.0.0.1", cert, privKey, path: "/session" },
    () => new PublicApi(),
  );
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    batchUrl: `http://${host}/batch`,
    sessionUrl: `ws://${host}/session`,
    webTransportUrl: `https://127.0.0.1:${webTransport.address.port}/session`,
    certificateHash: hash,
    async stop() {
      await webTransport.close();
      sessions.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
