import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Durable, generateSecret, KeyRing } from "@capnweb/durable";
import { connect } from "@capnweb/reconnect";
import { newHttpBatchRpcSession, nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { newWebSocketRpcSession, webSocketTransport } from "@capnweb/transport-ws/node";

/** Runs a program against a server, of which it gets the URL. */
async function served(listener: RequestListener, run: (url: string) => unknown): Promise<void> {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await run(`http://127.0.0.1:${port}/api`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const NOTHING: RequestListener = (_, response) => response.writeHead(404).end();
const PAGE: RequestListener = (_, response) => response.end("<!doctype html>");
const RPC: RequestListener = (request, response) =>
  nodeHttpBatchRpcResponse(request, response, { greet: () => "Hello!" });

const greet = (url: string) => newHttpBatchRpcSession<any>(url).greet();

/** Failures of connections, by code. */
export const CONNECTIONS: Readonly<Record<string, () => unknown>> = {
  BATCH_ENDED: () =>
    served(RPC, async (url) => {
      const api = newHttpBatchRpcSession<any>(url);
      await api.greet();
      await api.greet();
    }),
  NETWORK: async () => {
    let unused = "";
    await served(NOTHING, (url) => {
      unused = url;
    });
    await greet(unused);
  },
  BAD_URL: () => greet("ws://127.0.0.1:8080/api"),
  HTTP_STATUS: () => served(NOTHING, greet),
  NOT_A_BATCH: () => served(PAGE, greet),
  WEBSOCKET_URL: () => newWebSocketRpcSession("localhost:8080"),
  WEBSOCKET_REFUSED: () =>
    served(NOTHING, (url) => newWebSocketRpcSession<any>(url.replace("http", "ws")).greet()),
  DURABLE_FORGED: async () => {
    const keys = new KeyRing([{ id: "2026-11", secret: generateSecret() }]);
    await new Durable({ classes: {}, keys }).unseal("no token");
  },
  CONNECTION_CLOSED: async () => {
    const connection = connect<any>({ open: () => webSocketTransport("ws://127.0.0.1:9") });
    connection.close();
    await connection.api.greet();
  },
  SETUP: async () => {
    const connection = connect<any>({ open: () => webSocketTransport("localhost:8080") });
    await connection.api.greet().catch((error: Error) => {
      throw error.cause;
    });
  },
};
