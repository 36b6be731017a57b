import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { type NodeHttpBatchHandlerOptions, newNodeHttpBatchRpcHandler } from "../src/index.ts";
import { Api, bodyOf } from "./support.ts";

/** A server that speaks HTTP/2, and a client of it. */
async function serveHttp2(main: Api, options: NodeHttpBatchHandlerOptions) {
  const handle = newNodeHttpBatchRpcHandler(() => main, options);
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  const authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = connect(authority);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const open = (headers = {}) => client.request({ ":method": "POST", ":path": "/", ...headers });
  const ask = async (body: string, headers = {}) => {
    const stream = open(headers);
    stream.end(body);
    const [answer] = await once(stream, "response");
    return [answer[":status"], Buffer.concat(await stream.toArray()).toString()];
  };
  return { authority, open, ask };
}

test("a batch over HTTP/2 is answered or refused as over HTTP/1", async () => {
  const { authority, ask } = await serveHttp2(new Api(), { maxRequestSize: 100 });
  const body = bodyOf("add", 1, 2);
  expect(await ask(body)).toEqual([200, '["resolve",1,3]']);
  expect(await ask(body, { origin: authority })).toEqual([200, '["resolve",1,3]']);
  expect((await ask(body, { origin: "https://a.example" }))[0]).toBe(403);
  expect((await ask(bodyOf("echo", "x".repeat(100))))[0]).toBe(413);
});

test("a batch over HTTP/2 ends when its stream is reset", async () => {
  const disposed: string[] = [];
  const { open, ask } = await serveHttp2(new Api(disposed), { maxSessions: 1 });
  const stream = open();
  stream.on("error", () => {});
  stream.end(bodyOf("never"));
  await vi.waitFor(async () => expect((await ask(bodyOf("add", 1, 2)))[0]).toBe(503));
  stream.close();
  await vi.waitFor(() => expect(disposed).toContain("main"));
  await vi.waitFor(async () => expect((await ask(bodyOf("add", 1, 2)))[0]).toBe(200));
});
