import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RpcTarget } from "@capnweb/core";
import { onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { newWebSocketRpcSession } from "../src/index.ts";

export class Api extends RpcTarget {
  // Private, so that nothing of it can be reached from outside.
  readonly #disposed: string[];
  constructor(disposed: string[] = []) {
    super();
    this.#disposed = disposed;
  }
  add(a: number, b: number) {
    return a + b;
  }
  async call(callback: (value: number) => number | Promise<number>, value: number) {
    return await callback(value);
  }
  never() {
    return new Promise<never>(() => {});
  }
  big(size: number) {
    return "x".repeat(size);
  }
  stream(chunks: number, size: number) {
    let left = chunks;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- === 0) controller.close();
        else controller.enqueue(new Uint8Array(size));
      },
    });
  }
  [Symbol.dispose]() {
    this.#disposed.push("main");
  }
}

/** A server of `ws` sockets, stopped when the test is over. */
export async function serve(onConnection?: (socket: WebSocket) => void) {
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const sockets = new WebSocketServer({ server: http });
  const accepted: WebSocket[] = [];
  const disposed: string[] = [];
  sockets.on("connection", (socket) => {
    accepted.push(socket);
    if (onConnection) onConnection(socket);
    else newWebSocketRpcSession(socket, new Api(disposed));
  });
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    await once(http, "close");
  });
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  return { http, url, accepted, disposed, open: () => new WebSocket(url) };
}
