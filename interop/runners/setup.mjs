// A transport over real WebSockets, from the packages as they are published.
import * as core from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws";
import { WebSocket, WebSocketServer } from "ws";

export const options = {
  implementation: core,
  features: ["sessions", "cut"],
  async setup({ createMain }) {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const cut = () => {
      for (const socket of server.clients) socket.terminate();
    };
    const stop = () => {
      cut();
      server.close();
    };
    const session = { errorProperties: "all" };
    server.on("connection", (socket) => newWebSocketRpcSession(socket, createMain(), session));
    const url = `ws://127.0.0.1:${server.address().port}/`;
    const connect = (main) => newWebSocketRpcSession(new WebSocket(url), main, session);
    return { url, connect, cut, stop };
  },
};
