import { PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import type { WebSocket } from "ws";
import { TurnTransport } from "../src/node/turn-transport.ts";

const CHUNK = Buffer.alloc(64 * 1024);
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A transport whose turn of the event loop is over after the first chunk. */
async function slow() {
  await nextTurn();
  let now = 0;
  vi.spyOn(Date, "now").mockImplementation(() => {
    now += 20;
    return now;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const stream = new PassThrough();
  const socket = { readyState: 1, isReading: true, addEventListener() {} };
  const methods = {
    pause: () => void Object.assign(socket, { isReading: false }),
    resume: () => void Object.assign(socket, { isReading: true }),
  };
  Object.assign(socket, methods);
  const transport = new TurnTransport(socket as unknown as WebSocket, stream, {});
  const receive = (chunk: Uint8Array) => void stream.emit("data", chunk);
  receive(CHUNK);
  receive(CHUNK);
  return { transport, socket, receive };
}

test("a socket isn't read any further in a turn that has lasted long enough", async () => {
  const { socket } = await slow();
  expect(socket.isReading).toBe(false);
  await nextTurn();
  expect(socket.isReading).toBe(true);
});

test("the next turn doesn't resume a socket that the session holds back", async () => {
  const { socket, transport } = await slow();
  transport.pause();
  await nextTurn();
  expect(socket.isReading).toBe(false);
  transport.resume();
  expect(socket.isReading).toBe(true);
});

test("short chunks, behind which nothing waits, don't stop the reading", async () => {
  const { socket, receive } = await slow();
  await nextTurn();
  for (let i = 0; i < 3; i++) receive(CHUNK.subarray(0, 100));
  expect(socket.isReading).toBe(true);
});
