import { describe, expect, test } from "vitest";
import { RpcTarget } from "../../src/index.ts";
import { failure } from "../support/failure.ts";
import { pair, scripted, settle } from "../support/pair.ts";

class Api extends RpcTarget {
  static readonly never = new Promise<void>(() => {});
  echo(value: unknown) {
    return value;
  }
  text(length: number) {
    return "x".repeat(length);
  }
  async textLater(length: number) {
    return "x".repeat(length);
  }
  hang() {
    return Api.never;
  }
  async size(blob: Blob) {
    return blob.size;
  }
  keep(..._values: unknown[]) {
    return Api.never;
  }
  give() {
    return new RpcTarget();
  }
}

/** Handles messages at once, however many there are. */
const AT_ONCE = { turnBudget: Number.POSITIVE_INFINITY };

const call = (method: string, ...args: unknown[]) => ["pipeline", 0, [method], args];

/** A session that receives `times` messages, up to the one that ends it. */
async function toldTimes(times: number, message: (i: number) => unknown[], limits: object) {
  const { say, ended, session, transport } = scripted(new Api(), {
    limits: { ...AT_ONCE, ...limits },
  });
  for (let i = 0; i < times; i++) for (const each of message(i)) say(each);
  await settle();
  const result = { reason: ended.reason, stats: session.getStats() };
  transport.receiver.close(new Error("the test is over"));
  return result;
}

test.each([
  ["maxExports", "results that are never released", 99, () => [["push", call("echo", 1)]]],
  [
    "maxExports",
    "capabilities given",
    99,
    (i: number) =>
      [
        ["stream", call("give")],
        ["pull", -1 - i],
      ].slice(0, 1),
  ],
  [
    "maxImports",
    "capabilities taken",
    100,
    (i: number) => [["stream", call("keep", ["export", -1 - i])]],
  ],
  [
    "maxImports",
    "under ids far apart",
    100,
    (i: number) => [["stream", call("keep", ["export", -1 - 1_000 * i])]],
  ],
  [
    "maxImports",
    "promises taken",
    100,
    (i: number) => [["stream", call("keep", ["promise", -1 - i])]],
  ],
  ["maxPendingCalls", "calls that never end", 100, () => [["stream", call("hang")]]],
  [
    "maxPendingCalls",
    "calls of which the result was given up",
    100,
    (i: number) => [
      ["push", call("hang")],
      ["release", i + 1, 1],
    ],
  ],
  ["maxPipes", "pipes", 100, () => [["pipe"]]],
])("%s counts %s", async (limit, _, most, message) => {
  const limits = { [limit]: 100 };
  expect(await toldTimes(most, message as never, limits)).toMatchObject({ reason: undefined });
  const { reason, stats } = await toldTimes(most + 1, message as never, limits);
  expect(reason).toMatchObject({ code: "LIMIT", limit });
  expect(stats).toEqual({ imports: 0, exports: 0 });
});

test("released references no longer count for a limit", async () => {
  const limits = { maxExports: 10, maxPipes: 5, maxPendingCalls: 5, maxHeldBytes: 10_000 };
  const { reason } = await toldTimes(
    500,
    (i) => [
      ["push", call("textLater", 900)],
      ["pipe"],
      ["release", 2 * i + 1, 1],
      ["release", 2 * i + 2, 1],
    ],
    { ...limits, maxPendingCalls: 1_000, maxHeldBytes: 10_000_000 },
  );
  expect(reason).toBeUndefined();
  const calls = await toldTimes(
    500,
    (i) => [
      ["push", call("text", 900)],
      ["pull", i + 1],
      ["release", i + 1, 1],
    ],
    limits,
  );
  expect(calls.reason).toBeUndefined();
});

test("values of promises no longer count once nothing refers to them", async () => {
  const { say, ended, sent } = scripted(new Api(), {
    limits: { ...AT_ONCE, maxHeldBytes: 60_000 },
  });
  for (let i = 0; i < 200; i++) {
    say([
      "push",
      call("echo", [
        [
          ["promise", -1 - 2 * i],
          ["promise", -2 - 2 * i],
        ],
      ]),
    ]);
    say(["resolve", -1 - 2 * i, "x".repeat(2_000)]);
    say(["reject", -2 - 2 * i, ["error", "Error", "x".repeat(2_000)]]);
    say(["push", ["promise", -2_001 - i]]);
    say(["resolve", -2_001 - i, "x".repeat(2_000)]);
    say(["release", 2 * i + 1, 1]);
    say(["release", 2 * i + 2, 1]);
    await settle(2);
  }
  expect(ended.reason).toBeUndefined();
  expect(sent.filter(([tag]) => tag === "abort")).toEqual([]);
});

describe("maxHeldBytes", () => {
  const limits = { maxHeldBytes: 1_000_000 };

  test.each([
    ["values that the peer pushed", () => [["push", "x".repeat(10_000)]]],
    ["results that nobody asked for", () => [["push", call("text", 10_000)]]],
    ["results to come that nobody asked for", () => [["push", call("textLater", 10_000)]]],
    [
      "results that were sent and not released",
      (i: number) => [
        ["push", call("text", 10_000)],
        ["pull", i + 1],
      ],
    ],
    ["arguments of calls that never end", () => [["stream", call("keep", "x".repeat(10_000))]]],
    [
      "resolutions of promises in results",
      (i: number) => [
        ["push", [[["promise", -1 - i]]]],
        ["resolve", -1 - i, "x".repeat(10_000)],
      ],
    ],
    [
      "reasons of promises in results",
      (i: number) => [
        ["push", ["promise", -1 - i]],
        ["reject", -1 - i, ["error", "Error", "x".repeat(10_000)]],
      ],
    ],
    [
      "reasons of capabilities in results",
      (i: number) => [
        ["push", ["export", -1 - i]],
        ["reject", -1 - i, ["error", "Error", "x".repeat(10_000)]],
      ],
    ],
    [
      "resolutions of some of the promises that a call waits for",
      (i: number) => [
        ["stream", call("keep", ["promise", -1 - 2 * i], ["promise", -2 - 2 * i])],
        ["resolve", -1 - 2 * i, "x".repeat(10_000)],
      ],
    ],
    [
      "resolutions of some of the promises in a chunk",
      (i: number) => [
        ...(i === 0 ? [["pipe"]] : []),
        [
          "stream",
          [
            "pipeline",
            1,
            ["write"],
            [
              [
                [
                  ["promise", -1 - 2 * i],
                  ["promise", -2 - 2 * i],
                ],
              ],
            ],
          ],
        ],
        ["resolve", -1 - 2 * i, [Array(100).fill({})]],
      ],
    ],
    [
      "small values in results that were sent and not released",
      (i: number) => [
        ["push", call("echo", [Array(100).fill({})])],
        ["pull", i + 1],
      ],
    ],
    [
      "small values in chunks of an unread pipe",
      (i: number) => [
        ...(i === 0 ? [["pipe"]] : []),
        ["stream", ["pipeline", 1, ["write"], [[Array(100).fill({})]]]],
      ],
    ],
  ])("counts %s", async (_, message) => {
    expect(await toldTimes(25, message as never, limits)).toMatchObject({ reason: undefined });
    const { reason } = await toldTimes(300, message as never, limits);
    expect(reason).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  test.each([
    ["addresses", ["url", `http://a/${"x".repeat(2_000)}`]],
    ["addresses of requests", ["request", `http://a/${"x".repeat(2_000)}`, {}]],
    ["bodies", ["response", "x".repeat(400), {}]],
    ["bytes", ["bytes", "A".repeat(2_000)]],
    ["lists in errors", ["error", "", "", null, { cause: [Array(200).fill(0)] }]],
  ])("counts %s that a map() makes per element", async (_, instruction) => {
    const messages = (elements: number) => [
      ["push", [Array(elements).fill(0)]],
      ["push", ["remap", 1, [], [], [instruction]]],
      // Results are weighed once others have followed.
      ...Array.from({ length: 80 }, () => ["stream", 0]),
      ...Array.from({ length: 80 }, () => ["push", 0]),
    ];
    const limits = { maxHeldBytes: 60_000 };
    expect((await toldTimes(1, () => messages(4), limits)).reason).toBeUndefined();
    expect((await toldTimes(1, () => messages(60), limits)).reason).toMatchObject({
      limit: "maxHeldBytes",
    });
  });

  test.each([
    ["a map()", ["remap", 1, [], [], [[Array(50).fill({})]]]],
    ["a map() of a promise", ["remap", 2, [], [], [[Array(50).fill({})]]]],
    ["copies", call("echo", [Array(60).fill(["pipeline", 1])])],
    [
      "copies for a call that waits",
      call("echo", [[["pipeline", 2], ...Array(60).fill(["pipeline", 1])]]),
    ],
  ])("counts at once the large result of a small message: %s", async (_, expression) => {
    const messages = () => [
      ["push", [Array(100).fill(0)]],
      ["push", call("echo", ["promise", -1])],
      ["push", expression],
      ["resolve", -1, ["import", 1]],
    ];
    expect((await toldTimes(1, messages, { maxHeldBytes: 1e6 })).reason).toBeUndefined();
    expect((await toldTimes(1, messages, { maxHeldBytes: 80_000 })).reason).toMatchObject({
      limit: "maxHeldBytes",
    });
  });

  test("counts chunks in an unread pipe", async () => {
    const chunk = ["stream", ["pipeline", 1, ["write"], ["x".repeat(10_000)]]];
    const { say, ended } = scripted(new Api(), { limits });
    say(["pipe"]);
    for (let i = 0; i < 120; i++) say(chunk);
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  test("counts small chunks in an unread pipe by the memory that they take", async () => {
    const { say, ended } = scripted(new Api(), { limits: { ...AT_ONCE, ...limits } });
    const write = ["stream", ["pipeline", 1, ["write"], [0]]];
    say(["pipe"]);
    for (let i = 0; i < 400; i++) say(write);
    await settle();
    expect(ended.reason).toBeUndefined();
    for (let i = 0; i < 100; i++) say(write);
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  test("counts a blob that is being collected, until its call is over", async () => {
    const { say, sent, ended } = scripted(new Api(), { limits });
    const chunk = ["stream", ["pipeline", 1, ["write"], [["bytes", "A".repeat(40_000)]]]];
    say(["pipe"]);
    say(["push", call("size", ["blob", "", ["readable", 1]])]);
    for (let i = 0; i < 20; i++) {
      say(chunk);
      await settle(2);
    }
    say(["stream", ["pipeline", 1, ["close"], []]]);
    say(["pull", 2]);
    await settle(20);
    expect(sent).toContainEqual(["resolve", 2, 600_000]);
    say(["pipe"]);
    say(["push", call("size", ["blob", "", ["readable", 24]])]);
    for (let i = 0; i < 40; i++) {
      say(["stream", ["pipeline", 24, ["write"], [["bytes", "A".repeat(40_000)]]]]);
      await settle(2);
    }
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  test("releases everything at the session's end, so that others have room", async () => {
    const process = { maxProcessHeldBytes: 4_000_000 };
    for (let i = 0; i < 5; i++) {
      const { say, ended, transport } = scripted(new Api(), { limits: process });
      for (let j = 0; j < 150; j++) say(["push", "x".repeat(10_000)]);
      expect(ended.reason).toBeUndefined();
      transport.receiver.close(new Error("gone"));
    }
  });
});

test("maxProcessHeldBytes ends the session that holds most, and the others go on", async () => {
  const limits = { maxProcessHeldBytes: 3_000_000 };
  const greedy = scripted(new Api(), { limits });
  const light = pair(new Api(), { server: { limits } });
  for (let i = 0; i < 200; i++) greedy.say(["push", "x".repeat(10_000)]);
  expect(await light.api.echo("x".repeat(100_000))).toHaveLength(100_000);
  for (let i = 0; i < 200; i++) greedy.say(["push", "x".repeat(10_000)]);
  expect(greedy.ended.reason).toMatchObject({ code: "LIMIT", limit: "maxProcessHeldBytes" });
  expect(await light.api.echo(1)).toBe(1);
});

test("callTimeout fails a call that takes longer, and the session goes on", async () => {
  const { api } = pair(new Api(), { server: { limits: { callTimeout: 20 } } });
  expect(await failure(api.hang())).toMatchObject({
    message: expect.stringContaining("limits.callTimeout"),
  });
  expect(await api.echo(1)).toBe(1);
});

describe("a rate limit", () => {
  test.each([
    ["maxMessageRate", { maxMessageRate: 10 }],
    ["maxByteRate", { maxByteRate: 300 }],
  ])("allows bursts of ten seconds' worth: %s", async (limit, limits) => {
    const message = () => [["stream", call("echo", 1)]];
    expect(await toldTimes(50, message, limits)).toMatchObject({ reason: undefined });
    expect((await toldTimes(150, message, limits)).reason).toMatchObject({ code: "LIMIT", limit });
  });
});

test("onLimit receives a limit that was exceeded, and may throw without harm", async () => {
  const told: unknown[] = [];
  const { say, ended } = scripted(new Api(), {
    limits: { maxPipes: 1 },
    onError() {},
    onLimit(error) {
      told.push(error.limit);
      throw new Error("from onLimit");
    },
  });
  say(["pipe"]);
  say(["pipe"]);
  expect(told).toEqual(["maxPipes"]);
  expect(ended.reason).toMatchObject({ code: "LIMIT" });
});

test("a resolution of an id that isn't a promise ends the session", async () => {
  const { say, ended } = scripted(new Api());
  say(["stream", call("keep", ["export", -1])]);
  say(["resolve", -1, ["import", 0]]);
  expect(ended.reason).toMatchObject({ code: "PROTOCOL" });
});

test("limits that don't exist are refused when the session is made", () => {
  expect(() => scripted(new Api(), { limits: { maxPipe: 1 } as object })).toThrow(
    /limits\.maxPipe isn't/,
  );
  expect(() => scripted(new Api(), { limits: "sever" as never })).toThrow(
    /"sever" isn't a profile/,
  );
  expect(() => scripted(new Api(), { limits: { maxPipes: Number.NaN } })).toThrow(
    /must be 0 or more/,
  );
});
