import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RpcStub, RpcTarget } from "@capnweb/core";
import { attachWebSocketRpc, newWebSocketRpcSession } from "@capnweb/transport-ws/node";

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
}

test("a call in memory", async () => {
  expect(await new RpcStub(new Api()).greet("memory")).toBe("Hello, memory!");
});

test("a call over a WebSocket", async () => {
  const server = createServer();
  attachWebSocketRpc(server, () => new Api());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const api = newWebSocketRpcSession<Api>(`ws://127.0.0.1:${port}`);
  expect(await api.greet("socket")).toBe("Hello, socket!");
  api[Symbol.dispose]();
  server.close();
});
