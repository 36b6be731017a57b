import { expect, test } from "vitest";
import * as compat from "../src/index.ts";

test("compat exports everything that capnweb exports", () => {
  expect(Object.keys(compat).sort()).toEqual([
    "BunWebSocketTransport",
    "DEFAULT_LIMITS",
    "DEFAULT_MAX_DEPTH",
    "RpcPromise",
    "RpcSession",
    "RpcStub",
    "RpcTarget",
    "WebSocketTransport",
    "deserialize",
    "newBunWebSocketRpcHandler",
    "newBunWebSocketRpcSession",
    "newHttpBatchRpcResponse",
    "newHttpBatchRpcSession",
    "newMessagePortRpcSession",
    "newWebSocketRpcSession",
    "newWorkersRpcResponse",
    "newWorkersWebSocketRpcResponse",
    "nodeHttpBatchRpcResponse",
    "serialize",
  ]);
  expect(compat.DEFAULT_LIMITS).toMatchObject({
    maxBigIntDigits: 16_384,
    maxDepth: 256,
    maxMessageSize: 32 * 1024 * 1024,
  });
});

test("newWorkersRpcResponse answers batches and upgrades, and refuses other requests", async () => {
  class Api extends compat.RpcTarget {
    hi() {
      return "hi";
    }
  }
  const body = '["push",["pipeline",0,["hi"],[]]]\n["pull",1]';
  const batch = await compat.newWorkersRpcResponse(
    new Request("http://x/", { method: "POST", body }),
    new Api(),
  );
  expect(await batch.text()).toBe('["resolve",1,"hi"]');
  expect(batch.headers.get("access-control-allow-origin")).toBe("*");
  const other = await compat.newWorkersRpcResponse(new Request("http://x/"), new Api());
  expect(other.status).toBe(400);
  expect(await other.text()).toBe("This endpoint only accepts POST or WebSocket requests.");
});
