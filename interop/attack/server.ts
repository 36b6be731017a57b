// Serves the attack contract at /rpc, over WebSockets and as batches. Every option but the path has
// its default. A GET of /memory returns the size of the heap. `run.ts` makes the attack suite start
// it.
import { createServer } from "node:http";
import * as core from "@capnweb/core";
import { createAttackTarget } from "@capnweb/testkit";
import { nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { tellMemory } from "./memory.ts";

const server = createServer((request, response) => {
  if (request.url === "/rpc") {
    void nodeHttpBatchRpcResponse(request, response, createAttackTarget(core));
  } else if (request.url === "/memory") tellMemory(request, response);
  else response.writeHead(404).end();
});
attachWebSocketRpc(server, () => createAttackTarget(core), { path: "/rpc" });
server.listen(Number(process.argv[2]), "127.0.0.1");
