import { createRpc, documents, RpcTarget, streams } from "@capnweb/core/modular";
import { expect, onTestFinished, test } from "vitest";
import { WebSocketPushTransport } from "../src/index.ts";
import { serve } from "./support.ts";

class Client extends RpcTarget {
  name() {
    return "client";
  }
}

test.each([
  ["no component", createRpc()],
  ["streams and documents", createRpc(streams, documents)],
])("a client with %s calls a server over a WebSocket", async (_what, rpc) => {
  const { open } = await serve();
  const api: any = rpc.startSession<any>(new WebSocketPushTransport(open()), new Client());
  onTestFinished(() => api[Symbol.dispose]());
  expect(await api.add(2, 3)).toBe(5);
  const records = Array.from({ length: 40 }, (_, id) => ({ id, name: `n${id}` }));
  expect(await api.echo(records)).toEqual(records);
  expect(await api.echo(new Date(0))).toEqual(new Date(0));
});
