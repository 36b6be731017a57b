// The announcement of extensions must not hurt peers that don't know it. Each peer here does what a
// port was seen to do.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createApplication } from "@capnweb/testkit";
import { loadScenarios, verdictOf } from "@capnweb/testkit/conformance";
import { runReference } from "@capnweb/testkit/reference";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { OUR_WAYS, REFERENCE } from "../src/implementation.ts";

// The reference reads constants of the global class, which Node 20 doesn't have.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const ours = OUR_WAYS["ours with extensions"]!;

/** Serves WebSockets on a free port until the test is over. */
async function serve(accept: (socket: WebSocket, request: IncomingMessage) => void) {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on("connection", accept);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`;
}

/** Answers the rejection of an id that it doesn't have with a release of the id's last 32 bits. */
function releasesWhatWasRejected(socket: WebSocket): string[] {
  const released: string[] = [];
  socket.on("message", (data) => {
    const [tag, id] = JSON.parse(String(data));
    if (tag !== "reject" || id < 1000) return;
    const release = JSON.stringify(["release", id | 0, 1]);
    released.push(release);
    socket.send(release);
  });
  return released;
}

test("a server that answers every rejection with a release, and keeps ids in 32 bits", async () => {
  const released: string[][] = [];
  const url = await serve((socket) => {
    released.push(releasesWhatWasRejected(socket));
    REFERENCE.newWebSocketRpcSession(socket, createApplication(REFERENCE));
  });
  const scenarios = [...(await loadScenarios()).values()];
  const chosen = scenarios.filter(({ name }) => /^(callback|target|pipeline|error: p)/.test(name));
  const results = await runReference(url, chosen, { announce: true, timeout: 50_000 });
  expect(results.filter((each) => verdictOf(each) === "failed")).toEqual([]);
  expect(results.length).toBeGreaterThan(30);
  // Each session announced once, and went on after the release.
  expect(released).toEqual(results.map(() => ['["release",2147483647,1]']));
});

test("a client that answers every rejection with a release has nothing to answer", async () => {
  const url = await serve(
    (socket) => void ours.newWebSocketRpcSession(socket, createApplication(ours)),
  );
  const socket = new WebSocket(url);
  const released = releasesWhatWasRejected(socket);
  const api = REFERENCE.newWebSocketRpcSession(socket);
  await expect(api.fail("plain")).rejects.toThrow("failed");
  expect(await api.call((x: number) => x * 2, 4)).toBe(8);
  await expect(
    api.call(() => {
      throw new RangeError("no");
    }),
  ).rejects.toThrow("no");
  expect(released).toEqual([]);
  socket.terminate();
});

test("a client that takes the first message for its answer", async () => {
  const url = await serve(
    (socket) => void ours.newWebSocketRpcSession(socket, createApplication(ours)),
  );
  const socket = new WebSocket(url);
  onTestFinished(() => socket.terminate());
  const answers: unknown[] = [];
  socket.on("message", (data) => answers.push(JSON.parse(String(data))));
  await once(socket, "open");
  for (const [id, n] of [1, 2, 3].entries()) {
    socket.send(JSON.stringify(["push", ["pipeline", 0, ["add"], [n, n]]]));
    socket.send(JSON.stringify(["pull", id + 1]));
    while (answers.length <= id) await once(socket, "message");
    expect(answers[id]).toEqual(["resolve", id + 1, 2 * n]);
    socket.send(JSON.stringify(["release", id + 1, 1]));
  }
});
