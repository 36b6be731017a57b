// Serves the attack contract at /rpc, over WebSockets and as batches. Every option but the path has its
// default. A GET of /memory tells the size of the heap. `run.ts` has the attack suite start it.
import { createServer } from "node:http";
import { setTimeout as after } from "node:timers/promises";
import * as core from "@capnweb/core";
import { createAttackTarget } from "@capnweb/testkit";
import { nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";

const collect = (globalThis as { gc?: () => void }).gc;

const server = createServer((request, response) => {
  if (request.url === "/rpc") {
    void nodeHttpBatchRpcResponse(request, response, createAttackTarget(core));
    return;
  }
  if (request.url !== "/memory") {
    response.writeHead(404).end();
    return;
  }
  // Finalisation callbacks run between two collections.
  collect?.();
  void after(10).then(() => {
    collect?.();
    const { heapUsed, external } = process.memoryUsage();
    response.end(JSON.stringify({ used: heapUsed + external }));
  });
});
attachWebSocketRpc(server, () => createAttackTarget(core), { path: "/rpc" });
server.listen(Number(process.argv[2]), "127.0.0.1");
