import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { MessageChannel } from "node:worker_threads";
import { WebSocket, WebSocketServer } from "ws";
import type { Implementation } from "./implementation.ts";

/** A running server, and the way for a client to reach it. */
export interface Running {
  /** The URL at which the server listens, if other clients than `connect` can reach it. */
  readonly url?: string;
  /**
   * Starts a session.
   *
   * @returns the stub of the server's main object
   */
  connect(): any;
  stop(): Promise<void>;
}

type Start = (
  client: Implementation,
  server: Implementation,
  createMain: () => unknown,
) => Promise<Running>;

/** Real transports, each with one implementation as the client and one as the server. */
export const transports: Readonly<Record<string, Start>> = {
  async "HTTP batch"(client, server, createMain) {
    const http = createServer((request, response) => {
      void server.nodeHttpBatchRpcResponse(request, response, createMain());
    }).listen(0, "127.0.0.1");
    await once(http, "listening");
    const { port } = http.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;
    return {
      url,
      connect: () => client.newHttpBatchRpcSession(url),
      async stop() {
        http.closeAllConnections();
        http.close();
        await once(http, "close");
      },
    };
  },

  async WebSocket(client, server, createMain) {
    const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(sockets, "listening");
    sockets.on("connection", (socket) => {
      server.newWebSocketRpcSession(socket, createMain());
    });
    const { port } = sockets.address() as AddressInfo;
    const url = `ws://127.0.0.1:${port}/`;
    const opened: WebSocket[] = [];
    return {
      url,
      connect() {
        const socket = new WebSocket(url);
        opened.push(socket);
        return client.newWebSocketRpcSession(socket);
      },
      async stop() {
        for (const socket of opened) socket.terminate();
        sockets.close();
        await once(sockets, "close");
      },
    };
  },

  async MessagePort(client, server, createMain) {
    const channels: MessageChannel[] = [];
    return {
      connect() {
        const channel = new MessageChannel();
        channels.push(channel);
        server.newMessagePortRpcSession(channel.port2, createMain());
        return client.newMessagePortRpcSession(channel.port1);
      },
      async stop() {
        for (const { port1 } of channels) port1.close();
      },
    };
  },
};
