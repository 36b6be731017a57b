// A thousand operations may wait for one promise. They are done in order, some per turn.
import { describe, expect, test } from "vitest";
import { type ErrorListener, RpcTarget } from "../src/index.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { unhandledRejections } from "./support/unhandled.ts";

/** Milliseconds for which a slow method blocks the thread. */
const SLOW = 12;

class Api extends RpcTarget {
  readonly calls: string[] = [];
  #come: ((value: unknown) => void) | undefined;
  /** A promise that the test settles. */
  later() {
    return new Promise((come) => {
      this.#come = come;
    });
  }
  come(value: unknown) {
    this.#come?.(value);
  }
  slow(name: string) {
    const end = performance.now() + SLOW;
    while (performance.now() < end);
    this.calls.push(name);
  }
  keep(list: unknown) {
    this.calls.push("keep");
    return new Promise(() => list);
  }
}

describe("operations that wait for one promise", () => {
  test("are done in order, and leave timers a turn between long ones", async () => {
    const main = new Api();
    const { api, server } = pair(main) as any;
    const later = api.later();
    const calls = ["a", "b", "c", "d"].map((name) => later.slow(name));
    // The main object, the promise, and the results of the calls that wait for it.
    while (server.getStats().exports < 6) await settle();
    main.come(main);
    const seen: number[] = [];
    // One immediate after another, as messages of other sessions would come.
    const look = () => {
      seen.push(main.calls.length);
      if (main.calls.length < 5) setImmediate(look);
    };
    setImmediate(look);
    await Promise.resolve();
    // Made while others still wait, it queues up behind them.
    const last = later.slow("e");
    await Promise.all([...calls, last]);
    expect(main.calls).toEqual(["a", "b", "c", "d", "e"]);
    expect(seen.some((count) => count > 0 && count < 5)).toBe(true);
  });

  test("are given up once some of them have exceeded a limit of the session", async () => {
    const main = new Api();
    const { say, ended } = scripted(main, { limits: { maxHeldBytes: 200_000 } });
    say(["push", ["pipeline", 0, ["later"], []]]);
    for (let i = 0; i < 100; i++) say(["push", ["pipeline", 0, ["keep"], [["pipeline", 1]]]]);
    main.come(Array(5_000).fill("x".repeat(10)));
    await settle(300);
    expect(ended.reason).toMatchObject({ limit: "maxHeldBytes" });
    expect(main.calls.length).toBeLessThan(20);
  });

  test("don't end the process if a text from one of them exceeds a limit", async () => {
    const seen: unknown[] = [];
    const onError: ErrorListener = (error) => void seen.push(error);
    const unhandled = await unhandledRejections(async () => {
      const main = new Api();
      const { say, ended } = scripted(main, { limits: { maxHeldBytes: 100_000 }, onError });
      say(["push", ["pipeline", 0, ["later"], []]]);
      for (let i = 0; i < 40; i++) say(["push", ["pipeline", 1, []]]);
      main.come(`${"x".repeat(10_000)}\u0100`);
      await settle(20);
      expect(ended.reason).toMatchObject({ limit: "maxHeldBytes" });
    });
    expect(unhandled).toEqual([]);
    expect(seen).toEqual([]);
  });

  // The limit is reached at each of the places that count: the pipe, the write, its promise.
  test.each(Array.from({ length: 40 }, (_, i) => 20_000 + 37 * i))(
    "don't end the process if a chunk that waits exceeds a limit of %i bytes",
    async (limit) => {
      const unhandled = await unhandledRejections(async () => {
        const main = new Api();
        const { say, ended } = scripted(main, { limits: { maxHeldBytes: limit } });
        say(["pipe"]);
        say(["push", ["pipeline", 0, ["later"], []]]);
        for (let i = 0; i < 200; i++)
          say(["stream", ["pipeline", 1, ["write"], [["pipeline", 2]]]]);
        await settle(20);
        expect(ended.reason).toMatchObject({ limit: "maxHeldBytes" });
      });
      expect(unhandled).toEqual([]);
    },
  );
});
