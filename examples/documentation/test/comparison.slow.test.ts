// Checks the claims of docs/comparison.md with the libraries themselves.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import * as Comlink from "comlink";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { CANCELLATIONS } from "../src/comparison/cancellation.ts";
import { CHAINS } from "../src/comparison/chain.ts";
import { CLAIMS } from "../src/comparison/claims.ts";
import { comlink } from "../src/comparison/comlink.ts";
import { SUBJECTS } from "../src/comparison/index.ts";
import { listen } from "../src/comparison/listen.ts";
import { ours } from "../src/comparison/ours.ts";
import { clientSizes } from "../src/comparison/sizes.ts";
import { STREAMS } from "../src/comparison/streams.ts";
import { MusicService } from "../src/grpc-web/music_pb.ts";

const PAGE = readFileSync(new URL("../../../docs/comparison.md", import.meta.url), "utf8");

/** The cells of a row of the page, by the names of the libraries. */
function rowOf(label: string): Record<string, string> {
  const rows = PAGE.split("\n").filter((line) => line.startsWith("|"));
  const cellsOf = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const at = rows.findIndex((line) => cellsOf(line)[0] === label);
  if (at < 0) throw new Error(`docs/comparison.md has no row “${label}”.`);
  const head = rows.slice(0, at).findLast((line) => /^\|\s*\|/.test(line))!;
  const names = cellsOf(head).slice(1);
  return Object.fromEntries(
    cellsOf(rows[at]!)
      .slice(1)
      .map((cell, i) => [names[i], cell]),
  );
}

/** The row, without the libraries that can't be asked. */
function claimedOf(label: string, names: readonly string[]) {
  const row = rowOf(label);
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

describe("values", () => {
  test.each(CLAIMS)("$row", async ({ row, observe }) => {
    const observed: Record<string, string> = {};
    for (const subject of SUBJECTS) observed[subject.name] = await observe(subject);
    const names = SUBJECTS.map(({ name }) => name);
    expect(observed).toEqual(claimedOf(row, names));
  });
});

test("requests for two dependent calls", async () => {
  const observed: Record<string, string> = {};
  for (const [name, count] of Object.entries(CHAINS)) {
    const { name: answer, methods } = await count();
    expect(answer).toBe("Ada");
    observed[name] = `${methods.length}`;
  }
  expect(observed).toEqual(claimedOf("requests for two dependent calls", Object.keys(CHAINS)));
});

test("a source waits for a slow reader", async () => {
  const observed: Record<string, string> = {};
  for (const [name, count] of Object.entries(STREAMS)) {
    observed[name] = (await count()) < 200 ? "yes" : "no";
  }
  expect(observed).toEqual(claimedOf("a source waits for a slow reader", Object.keys(STREAMS)));
});

describe("the caller's `AbortSignal` reaches the method", () => {
  test.each(Object.entries(CANCELLATIONS))("%s", async (name, cancel) => {
    await cancel();
    expect(rowOf("the caller's `AbortSignal` reaches the method")[name]).toBe("yes");
  });
});

test("a page of another site is refused by default", async () => {
  const observed: Record<string, string> = {};
  for (const { name, serveWebSocket } of SUBJECTS) {
    if (!serveWebSocket) continue;
    const { url, close } = await serveWebSocket();
    const socket = new WebSocket(url, { origin: "https://evil.example" });
    observed[name] = await Promise.race([
      once(socket, "open").then(() => "no"),
      once(socket, "unexpected-response").then(() => "yes"),
    ]);
    socket.on("error", () => {}).terminate();
    await close();
  }
  const label = "a page of another site is refused by default";
  expect(observed).toEqual(claimedOf(label, Object.keys(observed)));
});

test("queries of tRPC are GET requests, batches of ours are POST requests", async () => {
  expect((await CHAINS["tRPC"]!()).methods).toEqual(["GET", "GET"]);
  expect((await CHAINS["@capnweb"]!()).methods).toEqual(["POST"]);
});

test("Comlink moves a buffer, where ours copies it", async () => {
  const bytes = new Uint8Array(8);
  const { call, close } = await comlink.connect((received) => received.byteLength);
  expect(await call(Comlink.transfer(bytes, [bytes.buffer]))).toBe(8);
  expect(bytes.byteLength).toBe(0);
  await close();

  const copied = new Uint8Array(8);
  const session = await ours.connect((received) => received.byteLength);
  expect(await session.call(copied)).toBe(8);
  expect(copied.byteLength).toBe(8);
  await session.close();
});

test("gRPC-web refuses a value of another type before it is sent", async () => {
  const transport = createGrpcWebTransport({ baseUrl: "http://127.0.0.1:1" });
  const client = createClient(MusicService, transport);
  await expect(client.title({ song: "one" as unknown as number })).rejects.toThrow(/uint32/);
});

test("socket.io works without WebSockets", async () => {
  const { server, port, close } = await listen();
  const sockets = new Server(server);
  sockets.on("connection", (socket) => {
    socket.on("ask", (answer: (text: string) => void) => answer("by polling"));
  });
  const socket = io(`http://127.0.0.1:${port}`, { transports: ["polling"], forceNew: true });
  expect(await socket.emitWithAck("ask")).toBe("by polling");
  expect(rowOf("works where WebSockets are blocked")["socket.io"]).toBe("yes");
  socket.close();
  sockets.disconnectSockets(true);
  await close();
});

test("bytes of a client", async () => {
  const row = rowOf("bytes of a client");
  for (const [name, bytes] of Object.entries(await clientSizes())) {
    const claimed = Number(row[name]!.replace(",", ""));
    // Compressors differ a little from one release of Node to the next.
    expect(Math.abs(claimed / bytes - 1), `${name}: ${bytes}`).toBeLessThan(0.05);
  }
});
