import { once } from "node:events";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import { os } from "@orpc/server";
import { RPCHandler } from "@orpc/server/ws";
import { WebSocket, WebSocketServer } from "ws";
import { listen } from "./listen.ts";
import type { Subject } from "./subject.ts";

export const orpc: Subject = {
  name: "oRPC",
  async connect(handle) {
    const handler = new RPCHandler({
      call: os.handler(({ input }: { input: unknown }) => handle(input)),
    });
    const { server, port, close } = await listen();
    const sockets = new WebSocketServer({ server });
    sockets.on("connection", (socket) => void handler.upgrade(socket, { context: {} }));
    const websocket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(websocket, "open");
    const client: any = createORPCClient(new RPCLink({ websocket: websocket as any }));
    return {
      call: async (value) => await client.call(value),
      async close() {
        websocket.close();
        await once(websocket, "close");
        await close();
      },
    };
  },
};
