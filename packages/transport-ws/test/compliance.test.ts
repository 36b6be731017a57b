import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as core from "@capnweb/core";
import type { Implementation } from "@capnweb/testkit";
import { testTransport } from "@capnweb/testkit/vitest";
import { describe } from "vitest";
import { WebSocket } from "ws";
import { WebSocketPushTransport } from "../src/index.ts";
import { attachWebSocketRpc, newWebSocketRpcSession } from "../src/node.ts";

type Connect = (url: string, main: unknown) => unknown;

/** A session over a wrapper that sees every frame. */
const wrapped: Connect = (url, main) => {
  const inner: core.Transport = new WebSocketPushTransport(new WebSocket(url));
  const transport = core.wrapTransport(inner, {
    send: (frame) => inner.send(frame),
    receive: (frame, receiver) => receiver.receive(frame),
  });
  return core.startSession(transport, main);
};

describe.each<[string, Connect]>([
  ["as it is", newWebSocketRpcSession],
  ["wrapped", wrapped],
])("%s:", (_, connect) => {
  testTransport("a WebSocket", {
    implementation: core as unknown as Implementation,
    timeout: 60_000,
    features: ["sessions", "cut"],
    async setup({ createMain }) {
      const http = createServer().listen(0, "127.0.0.1");
      await once(http, "listening");
      attachWebSocketRpc(http, createMain);
      const { port } = http.address() as AddressInfo;
      const sockets = new Set<{ destroy(): void }>();
      http.on("connection", (socket) => sockets.add(socket));
      const cut = () => {
        for (const socket of sockets) socket.destroy();
      };
      return {
        connect: (main) => connect(`ws://127.0.0.1:${port}/`, main),
        cut,
        stop() {
          cut();
          http.close();
        },
      };
    },
  });
});
