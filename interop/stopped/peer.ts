// A peer in a process of its own, which a test stops or kills: a server, or two clients of `url`.
// It prints a line once it is ready.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import { createApi } from "../src/application.ts";
import { IMPLEMENTATIONS } from "../src/implementation.ts";

// The reference reads constants of the global class, which Node 20 doesn't have.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const { implementation, url } = JSON.parse(process.argv[2]!);
const chosen = IMPLEMENTATIONS[implementation]!;
// The parent that would stop it is gone.
process.on("disconnect", () => process.exit());

if (url) {
  for (let i = 0; i < 2; i++) await chosen.newWebSocketRpcSession(new WebSocket(url)).nothing();
  console.log("connected");
} else {
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  sockets.on("connection", (socket) => {
    chosen.newWebSocketRpcSession(socket, createApi(chosen, []));
  });
  await once(sockets, "listening");
  console.log(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/`);
}
