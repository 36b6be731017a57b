import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newWebTransportRpcSession, type WebTransportSessionOptions } from "../src/index.ts";
import { Api } from "./support/api.ts";
import { pairOfStreams } from "./support/pair.ts";
import { framed, RawPeer } from "./support/raw-peer.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/**
 * A session, and a peer that sends nothing by itself. The peer reads everything that the session
 * sends.
 */
function start(options: WebTransportSessionOptions = {}) {
  const { near, far } = pairOfStreams();
  const api: any = newWebTransportRpcSession<Api>(near, new Api(), {
    announce: false,
    ...options,
  });
  const peer = new RawPeer(far);
  const ended: unknown[] = [];
  api.onRpcBroken((reason: unknown) => ended.push(reason));
  return { api, peer, ended };
}

/** The lengths of the chunks that a peer receives from now on. */
async function reading(peer: RawPeer): Promise<number[]> {
  void peer.readToEnd();
  await vi.advanceTimersByTimeAsync(0);
  return peer.chunks;
}

describe("a transport with a keep-alive", () => {
  test("sends an empty frame first, and again after each interval without other frames", async () => {
    const { peer } = start();
    const chunks = await reading(peer);
    expect(chunks.splice(0)).toEqual([4]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(chunks.splice(0).length).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(chunks.length).toBeGreaterThanOrEqual(6);
    expect(new Set(chunks)).toEqual(new Set([4]));
    expect(peer.messages).toEqual([]);
  });

  test("sends no empty frame while it has messages to send", async () => {
    const { api, peer } = start({ keepAlive: { interval: 1000 } });
    const chunks = await reading(peer);
    chunks.splice(0);
    for (let i = 0; i < 20; i++) {
      api.add(1, 1).then(null, () => {});
      await vi.advanceTimersByTimeAsync(250);
    }
    expect(chunks).toHaveLength(20);
    expect(chunks).not.toContain(4);
  });

  test("sends no empty frame at all if keepAlive is off", async () => {
    const { peer, ended } = start({ keepAlive: false });
    const chunks = await reading(peer);
    await peer.write("");
    await vi.advanceTimersByTimeAsync(600_000);
    expect(chunks).toEqual([]);
    expect(ended).toEqual([]);
  });
});

describe("a silent peer", () => {
  test("is given up if it sent an empty frame before", async () => {
    const { peer, ended } = start();
    await reading(peer);
    await peer.write("");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ended).toMatchObject([
      {
        code: "WEBTRANSPORT_CLOSED",
        message: "The peer has sent nothing for 40000 ms: it is stopped, or gone (keepAlive).",
      },
    ]);
  });

  test("isn't given up if it never sent an empty frame, because it may not know them", async () => {
    const { peer, ended } = start();
    await reading(peer);
    await peer.write('["push",["pipeline",0,["add"],[1,2]]]');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(ended).toEqual([]);
  });

  test("is given up in any case if keepAlive is required", async () => {
    const { peer, ended } = start({
      keepAlive: { required: true, timeout: 5_000, interval: 1_000 },
    });
    await reading(peer);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(ended).toMatchObject([{ message: /sent nothing for 6000 ms/ }]);
  });

  test("isn't given up while messages or empty frames arrive", async () => {
    const { peer, ended } = start();
    await reading(peer);
    for (let i = 0; i < 20; i++) {
      await peer.write(i % 2 ? "" : '["pipe"]');
      await vi.advanceTimersByTimeAsync(20_000);
    }
    expect(ended).toEqual([]);
  });

  test("isn't blamed for time in which this process was stopped", async () => {
    const { peer, ended } = start();
    await reading(peer);
    await peer.write("");
    // As after a sleep: the clock has moved on by an hour, and timers fire once.
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ended).toEqual([]);
  });
});

test("a peer that doesn't read is given up", async () => {
  const { api, ended } = start();
  // A pair in memory takes one chunk without a reader.
  api.echo("x".repeat(200_000)).then(null, () => {});
  await vi.advanceTimersByTimeAsync(30_000);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ended).toMatchObject([{ message: /The peer has read nothing for 40000 ms/ }]);
});

test("a peer that sends nothing at first is given up after firstBytesTimeout", async () => {
  const speechless = start({ firstBytesTimeout: 1_000 });
  const speaking = start({ firstBytesTimeout: 1_000 });
  await reading(speaking.peer);
  await speaking.peer.writer.write(framed("").subarray(0, 1));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(speechless.ended).toMatchObject([
    { message: "The peer sent nothing in the first 1000 ms of the session (openTimeout)." },
  ]);
  expect(speaking.ended).toEqual([]);
});

test.each([
  ["keepAlive", { keepAlive: { timeout: 20_000, required: true } }],
  ["idleTimeout", { idleTimeout: 1_000 }],
  ["openTimeout", { firstBytesTimeout: 1_000 }],
] as const)("onLimit receives the option that ends a session: %s", async (limit, options) => {
  const limits: unknown[] = [];
  const { peer, ended } = start({ ...options, onLimit: (error) => limits.push(error.limit) });
  await reading(peer);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ended).toMatchObject([{ limit, message: expect.stringContaining(limit) }]);
  expect(limits).toEqual([limit]);
});
