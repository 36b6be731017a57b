import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { newWebSocketRpcSession, nodeHttpBatchRpcResponse } from "@capnweb/compat";
import { WebSocketServer } from "ws";
import { mainFor, OPTIONS } from "../main-for.ts";

const server = createServer((request, response) => {
  void nodeHttpBatchRpcResponse(request, response, mainFor(request.url), {
    cors: { origin: "*" },
  });
});
new WebSocketServer({ server }).on("connection", (socket, request) => {
  newWebSocketRpcSession(socket, mainFor(request.url), OPTIONS);
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
