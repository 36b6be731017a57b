import { RpcSession, type Transport } from "@capnweb/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type KeepAliveOptions, WebSocketPushTransport } from "../src/index.ts";
import { Api } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A standard socket, open, whose peer is `answer`. It has no pings. */
class StandardSocket extends EventTarget {
  readonly readyState: number = 1;
  readonly sent: string[] = [];
  readonly answer: ((message: string, socket: StandardSocket) => void) | undefined;
  bufferedAmount = 0;
  constructor(answer?: (message: string, socket: StandardSocket) => void) {
    super();
    this.answer = answer;
  }
  send(message: string) {
    this.sent.push(message);
    this.answer?.(message, this);
  }
  close() {}
  /** Receives a message. */
  say(data: string) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

/** A peer that answers as every implementation does. */
function answering(message: string, socket: StandardSocket): void {
  const [tag, id] = JSON.parse(message);
  if (tag === "pull") queueMicrotask(() => socket.say(`["resolve",${id},1]`));
}

function start(keepAlive: KeepAliveOptions, socket = new StandardSocket()) {
  const transport = new WebSocketPushTransport(socket, { keepAlive });
  const session = new RpcSession(transport, new Api(), { announce: false });
  const ends: { reason: any; after: number }[] = [];
  const since = Date.now();
  session.onClose((reason) => ends.push({ reason, after: Date.now() - since }));
  onTestFinished(() => session.getRemoteMain()[Symbol.dispose]());
  return { socket, session, ends };
}

const milliseconds = fc.integer({ min: 1, max: 1_000 }).map((n) => 8 * n);

describe("a peer that falls silent", () => {
  test("is given up within interval + timeout, and has all of timeout to answer", async () => {
    const property = fc.asyncProperty(milliseconds, milliseconds, async (interval, timeout) => {
      const { socket, ends } = start({ interval, timeout });
      const pings: number[] = [];
      const since = Date.now();
      socket.send = () => void pings.push(Date.now() - since);
      await vi.advanceTimersByTimeAsync(interval + timeout);
      const [end] = ends;
      expect(end!.after).toBeLessThanOrEqual(interval + timeout);
      expect(pings[0]).toBeLessThanOrEqual(interval);
      expect(end!.after - pings[0]!).toBeGreaterThanOrEqual(timeout - 8);
      expect(end!.reason).toMatchObject({ code: "WEBSOCKET_CLOSED", limit: "keepAlive" });
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test("is asked once, by messages that every implementation answers", async () => {
    const { socket } = start({ interval: 100, timeout: 1_000 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(socket.sent).toEqual(['["push",1]', '["pull",1]']);
  });

  test("isn't given up as long as it answers, and the session holds nothing for it", async () => {
    const { socket, session, ends } = start(
      { interval: 100, timeout: 50 },
      new StandardSocket(answering),
    );
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ends).toEqual([]);
    expect(socket.sent.filter((message) => message === '["push",1]').length).toBeGreaterThan(90);
    expect(session.getStats()).toEqual({ imports: 1, exports: 1 });
  });

  test("isn't asked while it sends anything", async () => {
    const { socket, ends } = start({ interval: 100, timeout: 50 });
    for (let i = 0; i < 100; i++) {
      socket.say('["pipe"]');
      await vi.advanceTimersByTimeAsync(60);
    }
    expect(socket.sent).toEqual([]);
    expect(ends).toEqual([]);
  });

  test("isn't given up while it takes a long message, and then has its time to answer", async () => {
    const { socket, ends } = start({ interval: 100, timeout: 100 });
    for (let waiting = 100_000; waiting > 0; waiting -= 1_000) {
      socket.bufferedAmount = waiting;
      await vi.advanceTimersByTimeAsync(100);
    }
    socket.bufferedAmount = 0;
    await vi.advanceTimersByTimeAsync(100);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(ends).toHaveLength(1);
  });

  test("isn't blamed for time in which this process was stopped", async () => {
    const { ends } = start({ interval: 1_000, timeout: 1_000 });
    // As after a sleep: the clock has moved on by an hour, and timers fire once.
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ends).toEqual([]);
  });

  test.each([
    ["never asked", { interval: Number.POSITIVE_INFINITY, timeout: 100 }, 0],
    ["never given up", { interval: 100, timeout: Number.POSITIVE_INFINITY }, 2],
  ])("is %s if a time is infinite", async (_, options, sent) => {
    const { socket, ends } = start(options);
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(socket.sent).toHaveLength(sent);
    expect(ends).toEqual([]);
  });
});

test("a receiver that can't probe gets no keep-alive, because its silence would mean nothing", async () => {
  const socket = new StandardSocket();
  const transport: Transport = new WebSocketPushTransport(socket, {
    keepAlive: { interval: 10, timeout: 10 },
  });
  const close = vi.fn();
  transport.start({ receive() {}, end() {}, close });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(close).not.toHaveBeenCalled();
});
