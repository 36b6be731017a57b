// Serves the attack contract with every option at its default, over WebSockets and as batches. A GET of
// /memory tells what the heap holds. `run.ts` has the attack suite start it.
import { createServer } from "node:http";
import { setTimeout as after } from "node:timers/promises";
import * as core from "@capnweb/core";
import { createAttackTarget } from "@capnweb/testkit";
import { nodeHttpBatchRpcResponse } from "@capnweb/transport-http";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";

const collect = (globalThis as { gc?: () => void }).gc;

const server = createServer((request, response) => {
  if (request.method !== "GET" || request.url !== "/memory") {
    void nodeHttpBatchRpcResponse(request, response, createAttackTarget(core));
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
attachWebSocketRpc(server, () => createAttackTarget(core));
server.listen(Number(process.argv[2]), "127.0.0.1");
