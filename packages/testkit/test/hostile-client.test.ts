import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { loadScenarios } from "../src/conformance/scenarios/index.ts";
import { type ConformanceServer, serveConformance } from "../src/conformance/serve.ts";
import type { ServeOptions } from "../src/conformance/serve-options.ts";
import { serveReference } from "../src/reference/index.ts";

const scenarios = await loadScenarios();

async function serve(options: ServeOptions = {}): Promise<ConformanceServer> {
  const server = await serveConformance(scenarios, options);
  onTestFinished(() => server.close());
  return server;
}

/** Sends bytes over TCP, and waits until the other side hangs up, or hangs up itself. */
async function send(url: string, packets: readonly (string | Uint8Array)[], hangsUp = false) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
  for (const packet of packets) socket.write(packet);
  if (hangsUp) setImmediate(() => socket.resetAndDestroy());
  socket.resume();
  await once(socket, "close");
}

const handshake = (path: string) =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
  "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

test.each(["/run/VAL-001", "/run/no-such-scenario"])(
  "bytes that are no frame, at %s, don't end the kit",
  async (path) => {
    const { url } = await serve();
    await send(url, [handshake(path), Buffer.from([0xff, 0xff, 0xff, 0xff])]);
    expect((await fetch(`${url}/scenarios`)).status).toBe(200);
  },
);

test.each(["the kit", "the reference"])(
  "a client that goes away within a request doesn't end %s",
  async (which) => {
    const reference = await serveReference();
    onTestFinished(() => reference.close());
    const url = which === "the kit" ? (await serve()).url : `http://${reference.address}`;
    const head = "POST /notes/VAL-001 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n[1";
    await send(url, [head], true);
    expect((await fetch(url, { method: "POST", body: "[]" })).status).toBeGreaterThan(0);
  },
);

test("a run of a client ends with its time, and skips the rest", async () => {
  const server = await serve({ only: ["VAL-00*"], timeout: 600_000, total: 100 });
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/run/VAL-001`);
  await once(socket, "close");
  const results = await server.done;
  expect(results.map(({ skipped }) => skipped)).toEqual(
    Array.from({ length: 9 }, () => "the time of the run was over"),
  );
});

test("a request that is too large is refused", async () => {
  const { url } = await serve();
  const body = "x".repeat(17 * 1024 * 1024);
  const { status } = await fetch(`${url}/notes/VAL-001`, { method: "POST", body });
  expect(status).toBe(413);
});
