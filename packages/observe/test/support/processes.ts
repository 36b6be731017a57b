import type { RpcSessionOptions } from "@capnweb/core";
import { newHttpBatchRpcSession, nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { createDevCertificate } from "@capnweb/transport-webtransport/dev-certificate";
import {
  newWebTransportRpcSession,
  serveWebTransportRpc,
} from "@capnweb/transport-webtransport/node";
import { attachWebSocketRpc, newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { onTestFinished } from "vitest";
import { listen } from "../../../../testing/http-server.ts";

/** A server, and the function that connects to it. */
export interface Served {
  connect(options: RpcSessionOptions, main?: unknown): any;
}

export type Serve = (createMain: () => unknown, options: RpcSessionOptions) => Promise<Served>;

export const overWebSocket: Serve = async (createMain, options) => {
  const { server, port } = await listen();
  attachWebSocketRpc(server, createMain, options);
  return {
    connect: (own, main) => newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}`, main, own),
  };
};

export const overBatches: Serve = async (createMain, options) => {
  const { server, port } = await listen();
  server.on("request", (request, response) => {
    nodeHttpBatchRpcResponse(request, response, createMain(), options);
  });
  return { connect: (own) => newHttpBatchRpcSession<any>(`http://127.0.0.1:${port}`, own) };
};

export const overWebTransport: Serve = async (createMain, options) => {
  const { cert, privKey, hash } = await createDevCertificate();
  const server = await serveWebTransportRpc(
    { port: 0, host: "127.0.0.1", cert, privKey, http3: false, ...options },
    createMain,
  );
  onTestFinished(() => server.close(0));
  const url = `https://127.0.0.1:${server.address.port}/`;
  return {
    connect: (own, main) =>
      newWebTransportRpcSession<any>(url, main, { ...own, serverCertificateHashes: [hash] }),
  };
};
