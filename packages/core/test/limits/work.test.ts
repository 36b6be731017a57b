import { describe, expect, test } from "vitest";
import { RpcTarget } from "../../src/index.ts";
import { scripted, settle } from "../support/pair.ts";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
  async later(value: unknown) {
    return value;
  }
  async wrap(value: unknown) {
    return { value };
  }
  list(length: number) {
    return Array.from({ length }, (_, i) => i);
  }
  self() {
    return this;
  }
}

const limits = { maxWork: 10_000, maxValues: 1_000 };

/**
 * The limit that `messages` exceed, at which the session ends or the call fails; `undefined` if
 * there is none.
 */
async function endOf(messages: readonly unknown[], options: object = { limits }) {
  const { say, ended, sent, session } = scripted(new Api(), options);
  for (const message of messages) say(message);
  await session.drain().catch(() => {});
  await settle();
  // An answer that takes too long fails alone.
  const [, , failure] = sent.find(([tag]) => tag === "reject") ?? [];
  const isLimit = failure?.[2].includes("limits.maxWork");
  return ended.reason ?? (isLimit ? { code: "LIMIT", limit: "maxWork" } : undefined);
}

const echo = (...args: unknown[]) => ["push", ["pipeline", 0, ["echo"], args]];
const list = (length: number) => ["push", ["pipeline", 0, ["list"], [length]]];
const map = (id: number, ...instructions: unknown[]) => [
  "push",
  ["remap", id, [], [], instructions],
];

describe("maxValues", () => {
  test("counts members, elements and containers", async () => {
    const zeros = (length: number) => echo([Array(length).fill(0)]);
    expect(await endOf([zeros(900)])).toBeUndefined();
    expect(await endOf([zeros(1_001)])).toMatchObject({ code: "LIMIT", limit: "maxValues" });
  });

  test("starts again with each message", async () => {
    const zeros = echo([Array(900).fill(0)]);
    expect(await endOf([zeros, zeros, zeros])).toBeUndefined();
  });

  test.each([
    ["errors", 13, ["error", "", ""]],
    ["requests", 2, ["request", "a:", {}]],
    ["responses", 4, ["response", null, {}]],
    ["headers", 15, ["headers", []]],
    ["pairs of headers", 1, ["headers", Array(55).fill(["a", "b"])]],
    ["addresses", 30, ["url", "a:"]],
    ["byte arrays", 60, ["bytes", "", "Int8Array"]],
  ])("counts the additional memory of %s", async (_, length, expression) => {
    expect(await endOf([echo([Array(1).fill(expression)])])).toBeUndefined();
    expect(await endOf([echo([Array(length + 1).fill(expression)])])).toMatchObject({
      limit: "maxValues",
    });
  });

  test("counts streams, each of which has an id of its own", async () => {
    const sinks = Array.from({ length: 2 }, (_, i) => ["writable", -1 - i]);
    expect(await endOf([echo([sinks])])).toMatchObject({ limit: "maxValues" });
  });
});

describe("maxWork", () => {
  test("counts a map()'s instructions per element", async () => {
    expect(await endOf([list(100), map(1, ["pipeline", 0])])).toBeUndefined();
    expect(await endOf([list(500), map(1, ["pipeline", 0])])).toMatchObject({ limit: "maxWork" });
  });

  test("counts nested maps together", async () => {
    let inner: unknown[] = [0];
    for (let i = 0; i < 40; i++) inner = [["remap", -1, [], [["import", -1]], inner], 0];
    const nested = ["push", ["remap", 1, [], [["import", 1]], inner]];
    expect(await endOf([list(2), nested])).toMatchObject({ limit: "maxWork" });
  });

  test("counts the values of instructions per element", async () => {
    const wide = [Array(1_000).fill(0)];
    expect(await endOf([list(20), map(1, wide)], { limits: { maxWork: 10_000 } })).toMatchObject({
      limit: "maxWork",
    });
  });

  test("counts copies of a result that a message names", async () => {
    const names = (times: number) => echo([Array(times).fill(["pipeline", 1])]);
    expect(await endOf([list(900), names(5)])).toBeUndefined();
    expect(await endOf([list(900), names(20)])).toMatchObject({ limit: "maxWork" });
  });

  test("counts copies of a property that a message reads", async () => {
    const read = ["push", ["remap", 1, [], [["import", 2]], [["pipeline", -1, ["a"]]]]];
    const messages = [list(50), echo({ a: [Array(900).fill(0)] }), read];
    expect(await endOf(messages)).toMatchObject({ limit: "maxWork" });
  });

  test.each([
    [
      "lists",
      (i: number) => [
        [
          ["pipeline", i],
          ["pipeline", i],
        ],
      ],
    ],
    ["objects", (i: number) => ({ a: ["pipeline", i], b: ["pipeline", i] })],
    [
      "errors",
      (i: number) => [
        "error",
        "Error",
        "m",
        null,
        { cause: ["pipeline", i], errors: ["pipeline", i] },
      ],
    ],
  ])("counts results that name a result twice, in %s", async (_, twice) => {
    const messages = [echo(0), ...Array.from({ length: 40 }, (_, i) => echo(twice(i + 1)))];
    expect(await endOf([...messages, ["pull", 41]])).toMatchObject({ limit: "maxWork" });
  });

  test("counts the answers that promises in a result set off", async () => {
    const promises = (i: number) => [
      [
        ["pipeline", i],
        ["pipeline", i],
      ],
    ];
    const messages = [
      ["push", ["pipeline", 0, ["later"], [0]]],
      ...Array.from({ length: 16 }, (_, i) => ["push", promises(i + 1)]),
      ["pull", 17],
    ];
    expect(await endOf(messages)).toMatchObject({ limit: "maxWork" });
  });

  const long = "x".repeat(6_400);
  test.each([
    ["text", long],
    ["names of members", { [long]: 0 }],
    ["bytes", ["bytes", "A".repeat(6_400)]],
    ["digits", ["bigint", "9".repeat(1_000)]],
    ["addresses", ["url", `http://a/${long}`]],
    ["headers", ["headers", Array.from({ length: 60 }, (_, i) => [`h${i}`, "v"])]],
    ["messages of errors", ["error", "Error", long]],
    ["addresses of requests", ["request", `http://a/${long}`, {}]],
    ["headers of responses", ["response", null, { headers: [["h", long]] }]],
  ])("counts %s each time that an answer has them", async (_, value) => {
    const answer = (times: number) => [
      ["push", value],
      echo([Array(times).fill(["pipeline", 1])]),
      ["pull", 2],
    ];
    const options = { limits: { maxWork: 8_000, maxValues: 8_000 } };
    expect(await endOf(answer(2), options)).toBeUndefined();
    expect(await endOf(answer(110), options)).toMatchObject({ limit: "maxWork" });
    // Short values take no more work than their members.
    const short = [["push", "x"], echo([Array(110).fill(["pipeline", 1])]), ["pull", 2]];
    expect(await endOf(short, options)).toBeUndefined();
  });

  test.each([
    ["bytes", ["bytes", "A".repeat(6_400)]],
    ["digits", ["bigint", "9".repeat(1_000)]],
    ["addresses", ["url", `http://a/${long}`]],
    ["addresses of requests", ["request", `http://a/${long}`, {}]],
    ["paths", ["pipeline", 0, Array(400).fill("a")]],
    ["captures", ["remap", 0, [], Array(100).fill(["import", 0]), [0]]],
  ])("counts %s in instructions per element", async (_, instruction) => {
    const options = { limits: { maxWork: 10_000, maxValues: 10_000 } };
    expect(await endOf([list(1), map(1, instruction)], options)).toBeUndefined();
    expect(await endOf([list(80), map(1, instruction)], options)).toMatchObject({
      limit: "maxWork",
    });
    expect(await endOf([list(80), map(1, ["undefined"])], options)).toBeUndefined();
  });

  test("suffices for an answer of much text", async () => {
    class Library extends RpcTarget {
      read() {
        return "x".repeat(30_000_000);
      }
    }
    const { say, ended, sent } = scripted(new Library(), { limits: "server" });
    say(["push", ["pipeline", 0, ["read"], []]]);
    say(["pull", 1]);
    await settle();
    expect(ended.reason).toBeUndefined();
    expect(sent[0][2]).toHaveLength(30_000_000);
  });

  test("suffices for a long exchange of small messages", async () => {
    const messages = Array.from({ length: 2_000 }, (_, i) => [
      echo([Array(50).fill(0)]),
      ["pull", i + 1],
      ["release", i + 1, 1],
    ]).flat();
    expect(await endOf(messages)).toBeUndefined();
  });
});

describe("an operation that goes in a circle", () => {
  test.each([
    ["a call", ["pipeline", 1, ["x"], []]],
    ["a property", ["pipeline", 1, ["x"]]],
    ["a map()", ["remap", 1, ["x"], [], [["pipeline", 0]]]],
  ])("ends the session: %s on its own result", async (_, use) => {
    for (const method of ["echo", "later", "wrap"]) {
      const path = method === "wrap" ? ["value", "x"] : ["x"];
      const operation = [...use] as unknown[];
      operation[2] = path;
      const messages = [
        ["push", ["pipeline", 0, [method], [["promise", -1]]]],
        ["push", operation],
        ["resolve", -1, ["import", 2]],
      ];
      const reason = await endOf(messages, {});
      // A result that waits for itself doesn't block the others.
      if (reason !== undefined) expect(reason).toMatchObject({ code: "LIMIT" });
    }
  });

  test("is told from a long chain of calls", async () => {
    const chain = Array.from({ length: 1_000 }, (_, i) => [
      "push",
      ["pipeline", i + 1, ["self"], []],
    ]);
    const messages = [["push", ["pipeline", 0, ["later"], [["import", 0]]]], ...chain];
    expect(await endOf(messages, {})).toBeUndefined();
  });
});

describe("maxDepth", () => {
  test("counts through the instructions of nested maps", async () => {
    const nested = (depth: number) => {
      let instructions: unknown[] = [["pipeline", 0]];
      for (let i = 0; i < depth; i++) instructions = [["remap", 0, [], [], instructions]];
      return ["push", ["remap", 0, ["self"], [], instructions]];
    };
    const { say, sent, ended } = scripted(new Api());
    say(nested(300));
    say(["pull", 1]);
    await settle();
    const failure = ended.reason ?? sent.find(([tag]) => tag === "reject")?.[2];
    expect(JSON.stringify(failure?.message ?? failure)).toContain("depth");
    expect(await endOf([nested(50), ["pull", 1]], {})).toBeUndefined();
  });
});

test("an application's own answer that takes too long fails, and the session goes on", async () => {
  const { say, sent, ended } = scripted(new Api(), { limits });
  say(list(20_000));
  say(["pull", 1]);
  say(list(1));
  say(["pull", 2]);
  await settle();
  expect(sent).toEqual([
    ["reject", 1, ["error", "TypeError", expect.stringContaining("limits.maxWork")]],
    ["resolve", 2, [[0]]],
  ]);
  expect(ended).toEqual({});
});

test.each<[string, (part: object) => object]>([
  [
    "plain JSON",
    (part) => {
      let value = part;
      for (let i = 0; i < 17; i++) value = { a: value, b: [value] };
      return value;
    },
  ],
  ["a list of records", (part) => Array(5_000).fill(part)],
])(
  "an answer with a part in many places is read no further than it may be sent: %s",
  async (_, around) => {
    let reads = 0;
    const get = () => ++reads;
    const names = Array.from({ length: 60 }, (_, i) => `k${i}`);
    const part = Object.defineProperties(
      {},
      Object.fromEntries(names.map((name) => [name, { get, enumerable: true }])),
    );
    class Sharing extends RpcTarget {
      shared() {
        return around(part);
      }
    }
    const { say, sent, ended } = scripted(new Sharing(), { limits, announce: "reply" });
    say(["reject", 2 ** 31 - 1, { capnweb: { features: [["json", "table"]] } }]);
    say(["stream", ["pipeline", 0, ["shared"], []]]);
    await settle();
    expect(sent.at(-1)[2]).toContainEqual(expect.stringContaining("limits.maxWork"));
    expect(reads).toBeLessThan(5 * limits.maxWork);
    expect(ended).toEqual({});
  },
);
