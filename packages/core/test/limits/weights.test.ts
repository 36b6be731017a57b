import { describe, expect, test } from "vitest";
import { runtime } from "../../src/default-runtime.ts";
import { RpcTarget } from "../../src/index.ts";
import { sizeOfValue } from "../../src/model/value-size.ts";
import { scripted, settle } from "../support/pair.ts";

class Api extends RpcTarget {
  static readonly never = new Promise<void>(() => {});
  echo(value: unknown) {
    return value;
  }
  keep(..._values: unknown[]) {
    return Api.never;
  }
  async size(blob: Blob) {
    return blob.size;
  }
}

const call = (method: string, ...args: unknown[]) => ["pipeline", 0, [method], args];
const times = <T>(count: number, make: (i: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));
const stubs = (count: number) => [times(count, () => ["import", 0])];

/** The reason for the end of a session whose peer sends all of this, if it ended. */
async function endOf(messages: unknown[][], maxHeldBytes: number) {
  const { say, ended, transport } = scripted(new Api(), {
    limits: { maxHeldBytes, turnBudget: Number.POSITIVE_INFINITY },
  });
  for (const message of messages) {
    say(message);
    // A stream takes its chunks one at a time, and calls that waited take turns.
    if (message[0] === "stream" || message[0] === "resolve") await settle(1);
  }
  await settle();
  const { reason } = ended;
  transport.receiver.close(new Error("the test is over"));
  return reason;
}

const OVER = expect.objectContaining({ code: "LIMIT", limit: "maxHeldBytes" });

describe("weighing a value", () => {
  test("stops at the allowed size, however often a text stands in it", () => {
    const text = "x".repeat(100_000);
    const size = sizeOfValue(Array(4_000).fill(text), 1_000_000);
    expect(size).toBeGreaterThan(1_000_000);
    expect(size).toBeLessThan(2_000_000);
  });

  test("looks at no element of a list that is too long, however little memory it takes", () => {
    let isRead = false;
    const list = Object.defineProperty(new Array(2 ** 24), 0, {
      get() {
        isRead = true;
      },
    });
    expect(sizeOfValue(list, 1_000_000)).toBeGreaterThan(1_000_000);
    expect(isRead).toBe(false);
  });

  test("includes all members of an error, however many", () => {
    const error = Object.assign(
      new Error(),
      Object.fromEntries(times(200_000, (i) => [`k${i}`, {}])),
    );
    expect(sizeOfValue(error, 1e9, runtime.table)).toBeGreaterThan(200_000 * 64);
  });

  test("includes names of members that no other object shares", () => {
    const own = times(1_000, (i) => ({ [`k${i}`]: i }));
    expect(sizeOfValue(own, 1e9)).toBeGreaterThan(1_000 * 240);
    // Records of few kinds take little more than their members.
    const shared = times(1_000, (i) => ({ id: i, user: { name: "x" }, place: { x: 1, y: 2 } }));
    expect(sizeOfValue(shared, 1e9)).toBeLessThan(1_000 * 400);
  });

  test("includes the hash tables of objects that share no names", () => {
    const named = times(1_000, (i) => ({ 1000: i }));
    expect(sizeOfValue(named, 1e9)).toBeGreaterThan(1_000 * 200);
    const wide = times(2, () => Object.fromEntries(times(2_000, (i) => [`k${i}`, i])));
    expect(sizeOfValue(wide, 1e9)).toBeGreaterThan(2 * 2_000 * 50);
  });

  test("goes on although a member fails", () => {
    const error = Object.defineProperty(new Error(), "bad", {
      enumerable: true,
      get() {
        throw new Error("from a getter");
      },
    });
    const list = [Object.assign(error, { text: "x".repeat(10_000) })];
    expect(sizeOfValue(list, 1e9, runtime.table)).toBeGreaterThan(10_000);
  });
});

test.each<[string, (count: number) => unknown[][]]>([
  ["stubs in results", (n) => times(n, () => ["push", stubs(100)])],
  [
    "stubs in results that a small message gives",
    (n) => [["push", stubs(100)], ...times(n, () => ["push", call("echo", ["pipeline", 1])])],
  ],
  [
    "promises in results",
    (n) => [
      ["push", call("keep", ["promise", -1])],
      ...times(n / 4, () => ["push", [times(100, () => ["pipeline", 1])]]),
    ],
  ],
  ["stubs in arguments", (n) => times(n, () => ["stream", call("keep", stubs(100))])],
  [
    "streams in arguments",
    (n) =>
      times(n, (i) => ["stream", call("keep", ["writable", -1 - 2 * i], ["writable", -2 - 2 * i])]),
  ],
  [
    "arguments of methods that run",
    (n) => times(n / 8, () => ["stream", call("keep", [Array(1_500).fill({})])]),
  ],
  [
    "arguments that are waited for",
    (n) => [
      ...times(n / 8, (i) => [
        "stream",
        call("keep", ["promise", -1 - i], [Array(1_500).fill({})]),
      ]),
    ],
  ],
  [
    "calls on a promise, although their results were given up",
    (n) => [
      ["push", call("keep", ["promise", -1])],
      ...times(n * 16, (i) => [
        ["push", ["pipeline", 1, ["x"], []]],
        ["release", i + 2, 1],
      ]).flat(),
    ],
  ],
  [
    "texts of such calls",
    (n) => [
      ["push", call("keep", ["promise", -1])],
      ...times(n, (i) => [
        ["push", ["pipeline", 1, ["x"], ["x".repeat(10_000)]]],
        ["release", i + 2, 1],
      ]).flat(),
    ],
  ],
  [
    "names of properties that are waited for",
    (n) => [
      ["push", call("keep", ["promise", -1])],
      ...times(n, () => ["push", ["pipeline", 1, ["x".repeat(10_000)]]]),
    ],
  ],
  [
    "instructions that wait",
    (n) => [
      ["push", call("keep", ["promise", -1])],
      ...times(n, (i) => [
        ["push", ["remap", 1, [], [], ["x".repeat(10_000)]]],
        ["release", i + 2, 1],
      ]).flat(),
    ],
  ],
  [
    "small chunks in a pipe that isn't read",
    (n) => [["pipe"], ...times(n * 5, () => ["stream", ["pipeline", 1, ["write"], [1]]])],
  ],
  [
    "small chunks of a blob",
    (n) => [
      ["pipe"],
      ["push", call("size", ["blob", "", ["readable", 1]])],
      ...times(n * 16, (i) => [
        "stream",
        ["pipeline", 1, ["write"], [["bytes", i % 2 ? "" : "AA"]]],
      ]),
    ],
  ],
])("maxHeldBytes counts %s", async (_, messages) => {
  expect(await endOf(messages(16), 1_000_000)).toBeUndefined();
  expect(await endOf(messages(128), 1_000_000)).toEqual(OVER);
});

test("calls that waited count no longer once they are made", async () => {
  const round = (i: number) => [
    ["push", call("echo", ["promise", -1 - i])],
    ...times(20, () => ["push", ["pipeline", 1 + 21 * i, ["x"]]]),
    ["resolve", -1 - i, { x: 1 }],
    ...times(21, (j) => ["release", 1 + 21 * i + j, 1]),
  ];
  expect(await endOf(times(50, round).flat(), 60_000)).toBeUndefined();
});
