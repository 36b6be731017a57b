import { newBunWebSocketRpcHandler, newHttpBatchRpcResponse } from "@capnweb/compat";
import { Api } from "../api.ts";

const { Bun } = globalThis as any;
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request: Request, self: { upgrade(request: Request): boolean }) {
    if (self.upgrade(request)) return undefined;
    return newHttpBatchRpcResponse(request, new Api());
  },
  websocket: newBunWebSocketRpcHandler(() => new Api()),
});
console.log(`listening on 127.0.0.1:${server.port}`);
