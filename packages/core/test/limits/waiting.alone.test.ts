// A peer may wait in any number of ways for a promise that never settles. A waiting operation is
// counted, or given up with the reference that it was for.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { RpcStub, RpcTarget } from "../../src/index.ts";
import { pair, scripted, settle } from "../support/pair.ts";
import { Resources } from "../support/resources.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

class Api extends RpcTarget {
  readonly called: unknown[] = [];
  /** Settles the last `wait()`. */
  settle!: (value: unknown) => void;

  wait() {
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }
  echo(value: unknown) {
    return value;
  }
}

class Thing extends RpcTarget {
  readonly #called: unknown[];
  constructor(called: unknown[]) {
    super();
    this.#called = called;
  }
  get child() {
    return new Thing(this.#called);
  }
  call(value: unknown) {
    this.#called.push(value);
    return value;
  }
}

/** Messages that refer to result 1, that of `wait()`, by a result that is released at once. */
const PENDING: readonly [string, unknown][] = [
  ["calls", ["pipeline", 1, ["call"], [1]]],
  ["maps", ["remap", 1, [], [], [["pipeline", 0, ["call"], [1]]]]],
];

const REFERENCES: readonly [string, unknown][] = [
  ["references", ["import", 1]],
  ["properties", ["pipeline", 1, ["child"]]],
  ["references in arguments", ["pipeline", 0, ["echo"], [["import", 1]]]],
];

/** @returns the number of messages, at most `most`, that were taken until the session ended */
async function flood(say: (m: unknown) => void, ended: object, expression: unknown, most: number) {
  say(["push", ["pipeline", 0, ["wait"], []]]);
  for (let id = 2; id < most + 2; id++) {
    say(["push", expression]);
    if ("reason" in ended) return id - 2;
    say(["release", id, 1]);
    if (id % 100 === 0) await settle(1);
  }
  return most;
}

describe("a peer's operation that waits for a promise", () => {
  test.each(PENDING)("counts as pending: %s", async (_, expression) => {
    const main = new Api();
    const { say, ended } = scripted(main, { limits: { maxPendingCalls: 50 } });
    expect(await flood(say, ended, expression, 200)).toBe(49);
    expect(ended.reason.message).toMatch(/Over limits.maxPendingCalls of 50/);
    main.settle(new Thing(main.called));
    await settle();
    expect(main.called).toEqual([]);
  });

  test.each(PENDING)(
    "is done later although its result was released: %s",
    async (_, expression) => {
      const main = new Api();
      const { say, ended } = scripted(main, { limits: { maxPendingCalls: 50 } });
      await flood(say, ended, expression, 40);
      main.settle(new Thing(main.called));
      await settle();
      expect(main.called).toHaveLength(40);
      expect(ended).toEqual({});
    },
  );

  test.each(REFERENCES)("is given up with its reference: %s", async (_, expression) => {
    const main = new Api();
    const { say, ended } = scripted(main);
    const before = heapUsed();
    await flood(say, ended, expression, 20_000);
    expect(ended).toEqual({});
    // Without the limit, each took 300 to 1,000 bytes.
    expect(heapUsed() - before).toBeLessThan(2e6);
  });

  test("counts as an answer to come after its result was released", async () => {
    const main = new Api();
    const { say, ended, sent } = scripted(main, { limits: { maxHeldBytes: 60_000 } });
    say(["push", ["pipeline", 0, ["wait"], []]]);
    let id = 1;
    while (!("reason" in ended) && id < 1_000) {
      say(["push", ["import", 1]]);
      say(["pull", ++id]);
      say(["release", id, 1]);
    }
    expect(ended.reason).toMatchObject({ limit: "maxHeldBytes" });
    expect(sent.filter(([tag]) => tag === "resolve")).toEqual([]);
  });

  test("counts no longer once it is done", async () => {
    const main = new Api();
    const { say, ended } = scripted(main, { limits: { maxHeldBytes: 60_000 } });
    for (let round = 0; round < 5; round++) {
      say(["push", ["pipeline", 0, ["wait"], []]]);
      const waiting = 1 + 31 * round;
      for (let id = waiting + 1; id < waiting + 31; id++) {
        say(["push", id % 2 ? ["import", waiting] : ["pipeline", waiting, ["call"], [1]]]);
        say(["pull", id]);
        say(["release", id, 1]);
      }
      main.settle(new Thing(main.called));
      await settle();
      say(["release", waiting, 1]);
    }
    expect(ended).toEqual({});
  });

  test("fails with the session, and its references are disposed of", async () => {
    const resources = new Resources();
    const main = new Api();
    const { api, clientEnd, serverEnd } = pair(main);
    const waiting = (api as any).wait();
    void waiting.call(resources.make("argument"));
    const captured = new RpcStub(resources.make("captured")) as any;
    void waiting.map((each: any) => each.call(captured));
    captured[Symbol.dispose]();
    await settle();
    for (const end of [serverEnd, clientEnd]) end.receiver.close(new Error("gone"));
    await settle();
    expect(resources.disposed.sort()).toEqual(["argument", "captured"]);
    main.settle(new Thing(main.called));
    await settle();
    expect(main.called).toEqual([]);
  });
});

function heapUsed(): number {
  gc();
  return process.memoryUsage().heapUsed;
}
