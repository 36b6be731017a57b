import { newBunWebSocketRpcHandler, newHttpBatchRpcResponse } from "@capnweb/compat";
import { mainFor, OPTIONS } from "../main-for.ts";

const { Bun } = globalThis as any;
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request: Request, self: { upgrade(request: Request, options: object): boolean }) {
    if (self.upgrade(request, { data: { url: request.url } })) return undefined;
    return newHttpBatchRpcResponse(request, mainFor(request.url), { cors: { origin: "*" } });
  },
  websocket: newBunWebSocketRpcHandler((socket: any) => mainFor(socket.data.url), OPTIONS),
});
console.log(`listening on 127.0.0.1:${server.port}`);
