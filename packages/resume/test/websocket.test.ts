import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { RpcSession, RpcTarget } from "@capnweb/core";
import { ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { afterEach, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { until } from "./network.ts";

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

class Api extends RpcTarget {
  received = 0;

  add(a: number, b: number) {
    return a + b;
  }

  bytes(length: number) {
    return new Uint8Array(length).map((_, i) => i);
  }

  async upload(stream: ReadableStream<Uint8Array>) {
    const hash = createHash("sha256");
    let length = 0;
    for await (const chunk of stream as any as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      length += chunk.length;
      this.received = length;
    }
    return { hash: hash.digest("hex"), length };
  }

  download(chunks: number, length: number) {
    let n = 0;
    return new ReadableStream({
      pull(controller) {
        if (n === chunks) controller.close();
        else controller.enqueue(new Uint8Array(length).fill(n++));
      },
    });
  }
}

async function start() {
  const acceptor = new ResumeAcceptor();
  const kinds: string[] = [];
  const main = new Api();
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", async (socket) => {
    const { kind, transport } = await acceptor.accept(new WebSocketPushTransport(socket as any));
    kinds.push(kind);
    if (kind !== "resumed") new RpcSession(transport, main, { announce: "reply" });
  });
  const { port } = server.address() as AddressInfo;
  const sockets: WebSocket[] = [];
  const transport = new ResumingTransport(
    async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      await once(socket, "open");
      sockets.push(socket);
      return new WebSocketPushTransport(socket as any);
    },
    { backoff: { min: 1, max: 5 } },
  );
  const session = new RpcSession<any>(transport);
  closers.push(() => {
    session.getRemoteMain()[Symbol.dispose]();
    acceptor.dispose();
    server.close();
    for (const client of server.clients) client.terminate();
  });
  /** Cuts the connection, as a proxy that dies does. */
  const cut = () => {
    const peers = [...server.clients];
    if (peers.length > 0) (peers.at(-1) as any)._socket.destroy();
  };
  return { transport, main, kinds, sockets, server, cut, api: session.getRemoteMain() };
}

it("goes on with calls and bytes over real sockets", async () => {
  const { api, kinds, cut, transport } = await start();
  expect(await api.add(1, 2)).toBe(3);
  cut();
  const results = await Promise.all([api.add(3, 4), api.bytes(100_000)]);
  expect(results[0]).toBe(7);
  const expected = new Uint8Array(100_000).map((_, i) => i);
  expect(Buffer.from(results[1]).equals(expected)).toBe(true);
  expect(kinds).toEqual(["new", "resumed"]);
  expect(transport.state).toBe("open");
});

it("carries streams in both directions through cuts", async () => {
  const { api, kinds, cut, main } = await start();
  const chunk = new Uint8Array(32_768).map((_, i) => i * 7);
  let sent = 0;
  const total = 200;
  const stream = new ReadableStream({
    pull(controller) {
      if (sent++ === total) controller.close();
      else controller.enqueue(chunk.slice());
    },
  });
  const hash = createHash("sha256");
  for (let i = 0; i < total; i++) hash.update(chunk);
  const uploading = api.upload(stream);
  const download = await api.download(100, 20_000);
  let n = 0;
  for await (const bytes of download) {
    expect(Buffer.alloc(20_000, n++).equals(bytes)).toBe(true);
    if (n % 20 === 0) cut();
  }
  expect(n).toBe(100);
  cut();
  await until(() => main.received > 0);
  expect(await uploading).toEqual({ hash: hash.digest("hex"), length: total * chunk.length });
  expect(kinds.length).toBeGreaterThan(3);
  expect(kinds.slice(1).every((kind) => kind === "resumed")).toBe(true);
});
