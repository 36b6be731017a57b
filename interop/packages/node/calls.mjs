// Makes a call in memory, and one over a WebSocket, with the packages that `load` imports or
// requires.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";

/** @param load returns a package's exports, or a promise of them */
export async function makeCalls(load) {
  const { RpcStub, RpcTarget } = await load("@capnweb/core");
  const ws = await load("@capnweb/transport-ws/node");
  class Api extends RpcTarget {
    greet(name) {
      return `Hello, ${name}!`;
    }
  }
  assert.equal(await new RpcStub(new Api()).greet("memory"), "Hello, memory!");

  const server = createServer();
  ws.attachWebSocketRpc(server, () => new Api());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const api = ws.newWebSocketRpcSession(`ws://127.0.0.1:${server.address().port}`);
  assert.equal(await api.greet("socket"), "Hello, socket!");
  api[Symbol.dispose]();
  server.close();
}
