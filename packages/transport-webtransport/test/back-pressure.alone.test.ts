// A peer that sends more than this side takes, or less than it announced.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ByteStreamTransport, type Connection, newWebTransportRpcSession } from "../src/index.ts";
import { connectionOf } from "../src/open.ts";
import { frameLimits } from "../src/options.ts";
import { Api } from "./support/api.ts";
import { pairOfStreams } from "./support/pair.ts";
import { framed, RawPeer } from "./support/raw-peer.ts";
import { broken } from "./support/serve.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A transport with a receiver that notes its messages, and a peer. */
async function start(options: ConstructorParameters<typeof ByteStreamTransport>[1] = {}) {
  const { near, far } = pairOfStreams();
  const transport = new ByteStreamTransport(connectionOf(near) as Connection, options);
  const received: unknown[] = [];
  const closed: any[] = [];
  transport.start({
    receive: (message) => received.push(message),
    end() {},
    close: (reason) => closed.push(reason),
  });
  await vi.advanceTimersByTimeAsync(0);
  return { transport, received, closed, peer: new RawPeer(far) };
}

/** Writes bytes, even if the session is over. */
function push({ writer }: RawPeer, bytes: Uint8Array): void {
  writer.write(bytes).catch(() => {});
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("a paused transport", () => {
  test("doesn't read until it is resumed, and loses nothing", async () => {
    const { transport, received, peer } = await start();
    await peer.write("1");
    await settle();
    transport.pause();
    const writes: boolean[] = [];
    for (let n = 2; n <= 20; n++) void peer.write(`${n}`).then(() => writes.push(true));
    await settle();
    // The message of the pending read. The rest waits at the peer.
    expect(received).toEqual(["1", "2"]);
    expect(writes.length).toBeLessThan(5);
    transport.resume();
    await settle();
    expect(received).toEqual(Array.from({ length: 20 }, (_, n) => `${n + 1}`));
  });

  test("doesn't mistake its own silence for the peer's", async () => {
    const { transport, closed, peer } = await start({
      keepAlive: { interval: 1_000, timeout: 5_000, required: true },
    });
    void peer.readToEnd();
    transport.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(closed).toEqual([]);
    transport.resume();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(closed[0].message).toMatch(/has sent nothing for 6000 ms/);
  });

  test("reads the peer's end once its session has ended", async () => {
    const { transport, closed, peer } = await start();
    void peer.readToEnd();
    transport.pause();
    transport.abort(new Error("over"));
    await settle();
    await peer.writer.close();
    await settle();
    expect(closed).toHaveLength(1);
  });
});

describe("the idleTimeout of a session", () => {
  test("ends it if it carries no messages, whatever else it carries", async () => {
    const { closed, peer } = await start({ idleTimeout: 10_000 });
    void peer.readToEnd();
    for (let n = 0; n < 20; n++) {
      push(peer, framed(""));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(closed[0].message).toMatch(/carried no message for 10000 ms \(idleTimeout\)/);
  });

  test("starts anew with each message of either side", async () => {
    const { transport, closed, peer } = await start({ idleTimeout: 10_000 });
    void peer.readToEnd();
    for (let n = 0; n < 10; n++) {
      if (n % 2 === 0) push(peer, framed("1"));
      else transport.send("2");
      await vi.advanceTimersByTimeAsync(6_000);
    }
    expect(closed).toEqual([]);
  });
});

describe("a frame", () => {
  test("without content ends the session in a flood", async () => {
    const { closed, received, peer } = await start();
    void peer.readToEnd();
    push(peer, new Uint8Array(4 * 100_000));
    await settle();
    expect(closed[0].message).toMatch(/too many empty frames/);
    expect(received).toEqual([]);
  });

  test("in part takes no more memory than allowed, or the session with the largest one ends", async () => {
    const options = { maxProcessHeldBytes: 100_000 };
    const sessions = await Promise.all([start(options), start(options), start(options)]);
    const announced = Uint8Array.of(0, 1, 0, 0);
    for (const [n, { peer }] of sessions.entries()) {
      push(peer, announced);
      push(peer, new Uint8Array(n === 1 ? 60_000 : 30_000));
    }
    await settle();
    expect(sessions.map(({ closed }) => closed.length)).toEqual([0, 1, 0]);
    expect(sessions[1]!.closed[0]).toMatchObject({ code: "LIMIT", limit: "maxProcessHeldBytes" });
    // Sessions that end in another way give back the bytes that they held.
    for (const { peer } of sessions) void peer.writer.abort().catch(() => {});
    await settle();
    const next = await start(options);
    push(next.peer, announced);
    push(next.peer, new Uint8Array(60_000));
    await settle();
    expect(next.closed).toEqual([]);
  });

  test("may have three bytes for each code unit of a text", () => {
    expect(frameLimits("server").maxMessageBytes).toBe(12 * 1024 * 1024);
    expect(frameLimits({ maxFrameSize: 100 }).maxMessageBytes).toBe(300);
    expect(frameLimits("trusted").maxMessageBytes).toBe(Number.POSITIVE_INFINITY);
  });
});

test("a session whose peer sends more than it handles stays within its limits", async () => {
  vi.useRealTimers();
  const { near, far } = pairOfStreams();
  const api: any = newWebTransportRpcSession<Api>(near, new Api(), {
    announce: false,
    limits: { maxMessageSize: 10, maxFrameSize: 10 },
  });
  const reason = broken(api);
  const peer = new RawPeer(far);
  void peer.readToEnd();
  await peer.writer.write(framed("x".repeat(11))).catch(() => {});
  expect(await reason).toMatchObject({ code: "LIMIT" });
});
