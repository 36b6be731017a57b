import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { newWebSocketRpcSession, nodeHttpBatchRpcResponse } from "@capnweb/compat";
import { WebSocketServer } from "ws";
import { Api } from "../api.ts";

const server = createServer((request, response) => {
  void nodeHttpBatchRpcResponse(request, response, new Api());
});
new WebSocketServer({ server }).on("connection", (socket) => {
  newWebSocketRpcSession(socket, new Api());
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listening on 127.0.0.1:${(server.address() as AddressInfo).port}`);
});
