// Checks the claims of docs/comparison.md with the libraries themselves.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Server } from "socket.io";
import { io } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { CANCELLATIONS } from "../src/comparison/cancellation.ts";
import { CHAINS } from "../src/comparison/chain.ts";
import { CLAIMS } from "../src/comparison/claims.ts";
import { SUBJECTS } from "../src/comparison/index.ts";
import { listen } from "../src/comparison/listen.ts";
import { clientSizes } from "../src/comparison/sizes.ts";
import { STREAMS } from "../src/comparison/streams.ts";

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
    const { name: answer, requests } = await count();
    expect(answer).toBe("Ada");
    observed[name] = `${requests}`;
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
