import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { ResumeAcceptor, ResumingTransport } from "@capnweb/resume";
import { type CuttingProxy, cuttingProxy } from "@capnweb/testkit/proxy";
import { WebSocketPushTransport } from "@capnweb/transport-ws";
import { webSocketTransport } from "@capnweb/transport-ws/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { OUR_WAYS } from "../src/implementation.ts";
import { longRuns } from "../src/runs.ts";

/** `MEGABYTES=100 CUTS=50 RUNS=1 npx vitest run --project interop resume-streams` sends more. */
const MEGABYTES = Number(process.env["MEGABYTES"] ?? 6);
const CUTS = Number(process.env["CUTS"] ?? 6);
const CHUNK = 40_000;
const CHUNKS = Math.ceil((MEGABYTES * 1_000_000) / CHUNK);

const { RpcSession, RpcTarget } = OUR_WAYS["ours with extensions"]!;

/** The bytes of a chunk, which differ from those of all others. */
const chunkOf = (n: number) =>
  new Uint8Array(CHUNK).map((_, i) => (i * 31 + n * 17 + (n >> 8)) % 256);

const HASH = (() => {
  const hash = createHash("sha256");
  for (let n = 0; n < CHUNKS; n++) hash.update(chunkOf(n));
  return hash.digest("hex");
})();

function source(): ReadableStream<Uint8Array> {
  let n = 0;
  return new ReadableStream({
    pull(controller) {
      if (n === CHUNKS) controller.close();
      else controller.enqueue(chunkOf(n++));
    },
  });
}

/** Reads a stream to its end, and calls `onPart` as each of so many equal parts has arrived. */
async function hashOf(stream: any, onPart: () => void): Promise<string> {
  const hash = createHash("sha256");
  const part = Math.ceil(CHUNKS / (CUTS + 1));
  let n = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    if (++n % part === 0) onPart();
  }
  return hash.digest("hex");
}

let server: WebSocketServer;
let proxy: CuttingProxy;
let resumptions = 0;

/** Cuts the connection: in turn with the last bytes delivered, and with them lost. */
const cut = () => proxy.connections.at(-1)?.cut(resumptions % 2 === 0 ? "close" : "reset");

class Files extends RpcTarget {
  download() {
    return source();
  }

  upload(stream: ReadableStream) {
    return hashOf(stream, cut);
  }
}

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const acceptor = new ResumeAcceptor({ onResume: () => resumptions++ });
  server.on("connection", async (socket) => {
    const { kind, transport } = await acceptor.accept(new WebSocketPushTransport(socket as any));
    if (kind !== "resumed") new RpcSession(transport, new Files());
  });
  proxy = await cuttingProxy({ target: { port: (server.address() as AddressInfo).port } });
});

afterAll(async () => {
  await proxy.close();
  for (const client of server.clients) client.terminate();
  server.close();
});

test("streams in both directions arrive byte for byte, across cuts", longRuns, async () => {
  const url = `ws://127.0.0.1:${proxy.port}`;
  const transport = new ResumingTransport(({ signal }) => webSocketTransport(url, { signal }), {
    backoff: { min: 1, max: 20 },
  });
  const api = new RpcSession(transport).getRemoteMain() as any;
  expect(await hashOf(await api.download(), cut)).toBe(HASH);
  expect(await api.upload(source())).toBe(HASH);
  expect(resumptions).toBeGreaterThan(CUTS);
  api[Symbol.dispose]();
});
