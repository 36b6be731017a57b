import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { createApi, type Implementation } from "./cases.ts";

export interface Connected {
  readonly api: any;
  close(): Promise<void>;
}

/** Both ends in this process, with a queue of messages between them. */
export async function inMemory(client: Implementation, server: Implementation): Promise<Connected> {
  const end = () => {
    const queue: string[] = [];
    let waiting: ((message: string) => void) | undefined;
    return {
      peer: undefined as any,
      deliver(message: string) {
        if (waiting === undefined) {
          queue.push(message);
          return;
        }
        const resolve = waiting;
        waiting = undefined;
        resolve(message);
      },
      send(message: string) {
        this.peer.deliver(message);
      },
      receive(): Promise<string> {
        const message = queue.shift();
        if (message !== undefined) return Promise.resolve(message);
        return new Promise((resolve) => {
          waiting = resolve;
        });
      },
      abort() {},
    };
  };
  const a = end();
  const b = end();
  a.peer = b;
  b.peer = a;
  new server.RpcSession(b, createApi(server));
  const api = new client.RpcSession(a).getRemoteMain();
  return { api, close: async () => {} };
}

/** A WebSocket on the loopback interface. */
export async function webSocket(
  client: Implementation,
  server: Implementation,
): Promise<Connected> {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(sockets, "listening");
  sockets.on("connection", (socket) => {
    server.newWebSocketRpcSession(socket, createApi(server));
  });
  const socket = new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`);
  await once(socket, "open");
  return {
    api: client.newWebSocketRpcSession(socket),
    async close() {
      socket.terminate();
      sockets.close();
      await once(sockets, "close");
    },
  };
}
