// A server that falls silent, as one that is stopped does.
import { once } from "node:events";
import { newWebSocketRpcSession } from "@capnweb/compat";
import { cuttingProxy } from "@capnweb/testkit/proxy";
import { WebSocketServer } from "ws";

/** The messages after which it falls silent. They are answers to the pings of a client. */
const ANSWERS = 4;

/** Starts the server. It falls silent for a client that it has answered a few times. */
export async function startSilentServer() {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket) => newWebSocketRpcSession(socket, {}));
  const proxy = await cuttingProxy({
    target: `ws://127.0.0.1:${server.address().port}/`,
    onConnection: (each) => each.cutAt({ from: "server", message: ANSWERS, kind: "stall" }),
  });
  return {
    url: proxy.url,
    async stop() {
      await proxy.close();
      server.close();
    },
  };
}
