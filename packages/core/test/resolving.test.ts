// The resolutions of promises: values may be handed on, chains may be long, and endless ones are
// refused.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { unhandledRejections } from "./support/unhandled.ts";

class Item extends RpcTarget {
  readonly #id: number;
  constructor(id: number) {
    super();
    this.#id = id;
  }
  plus(by: number) {
    return this.#id + by;
  }
}

class Api extends RpcTarget {
  item(id: number) {
    return new Item(id);
  }
  wrapped(id: number) {
    return { item: new Item(id) };
  }
  items() {
    return [new Item(1), new Item(2)];
  }
  echo(value: any) {
    return value;
  }
  async later(value: any = { a: 1 }) {
    return value;
  }
  self() {
    return this;
  }
  async selfLater() {
    return this;
  }
  wrap(value: any) {
    return { value };
  }
  pick(value: any) {
    return value.item;
  }
  source() {
    return new Blob(["abc"]).stream();
  }
  rows() {
    return [[1], [2]];
  }
}

test("an async map() callback that awaits a placeholder is refused, and does no further harm", async () => {
  const unhandled = await unhandledRejections(async () => {
    const list = new RpcPromise(Promise.resolve([1])) as any;
    expect(() => list.map(async (each: unknown) => each)).toThrow("must be synchronous");
  });
  expect(unhandled).toEqual([]);
});

test("a session without a main object says so to its callers", async () => {
  const { say, sent } = scripted();
  say(["push", ["pipeline", 0, ["method"], []]]);
  say(["pull", 1]);
  await settle();
  expect(sent).toEqual([["reject", 1, ["error", "Error", "This connection has no main object."]]]);
  const local = pair(undefined as never).api as any;
  expect((await failure(local.property)).message).toBe("This connection has no main object.");
});

// The value is among the arguments' references, and is disposed of with them unless it is handed
// on.
describe("a call may return the value of a promise in its arguments", () => {
  const CALLS: readonly (readonly [string, (api: any) => Promise<unknown>, unknown])[] = [
    ["itself", async (api) => (await api.echo(api.item(1))).plus(1), 2],
    ["later", async (api) => (await api.later(api.item(1))).plus(1), 2],
    ["in an object", async (api) => (await api.wrap(api.item(1))).value.plus(1), 2],
    ["a part of it", async (api) => (await api.pick(api.wrapped(1))).plus(1), 2],
    ["what has it inside", async (api) => (await api.echo(api.wrapped(1))).item.plus(1), 2],
    [
      "what a property of a promise is",
      async (api) => (await api.echo(api.wrapped(1).item)).plus(1),
      2,
    ],
    [
      "through another such call",
      async (api) => (await api.echo(api.echo(api.item(1)))).plus(1),
      2,
    ],
    ["pipelined on", async (api) => api.echo(api.item(1)).plus(1), 2],
    [
      "twice",
      async (api) => {
        const item = api.item(1);
        const [first, second] = await api.echo([item, item]);
        return [await first.plus(1), await second.plus(2)];
      },
      [2, 3],
    ],
    [
      "a promise of the caller's",
      async (api) => (await api.echo(new RpcPromise(Promise.resolve(new Item(3))))).plus(1),
      4,
    ],
    [
      "in a map()",
      async (api) => (await api.items().map((item: any) => api.echo(item)))[1].plus(1),
      3,
    ],
    ["a stream", async (api) => new Response(await api.echo(api.source())).text(), "abc"],
    [
      "a stream in an object",
      async (api) => new Response((await api.wrap(api.source())).value).text(),
      "abc",
    ],
  ];

  describe.each([
    ["a peer's method", () => pair(new Api()).api as any],
    ["a local method", () => new RpcStub(new Api()) as any],
  ])("%s", (_, connect) => {
    test.each(CALLS)("%s", async (_name, call, expected) => {
      let result: unknown = "never settled";
      const unhandled = await unhandledRejections(async () => {
        const done = call(connect()).then(
          (value) => {
            result = value;
          },
          (error: unknown) => {
            result = error;
          },
        );
        await Promise.race([done, settle(30)]);
      });
      expect(result).toEqual(expected);
      expect(unhandled).toEqual([]);
    });
  });
});

// Each settles the next one. Without care, this would happen on one stack.
describe("a long chain of calls on a pending result settles", () => {
  test.each([
    ["of properties", ["later"], (id: number) => ["pipeline", id, ["a"]]],
    ["of calls", ["selfLater"], (id: number) => ["pipeline", id, ["self"], []]],
    ["of references", ["later"], (id: number) => ["pipeline", id, []]],
    ["of maps", ["later"], (id: number) => ["remap", id, [], [], [["pipeline", 0]]]],
  ])("%s", async (_, path, next) => {
    const length = 20_000;
    const { say, sent, ended, session } = scripted(new Api());
    const unhandled = await unhandledRejections(() => {
      say(["push", ["pipeline", 0, path, []]]);
      for (let id = 1; id < length; id++) say(["push", next(id)]);
      say(["pull", length]);
      return session.drain();
    });
    expect(unhandled).toEqual([]);
    expect(ended.reason).toBeUndefined();
    expect(sent.at(-1)?.[1]).toBe(length);
  });
});

test.each([
  ["is the main object", ["import", 0]],
  [
    "is an error with the main object in it",
    ["error", "Error", "m", null, { main: ["import", 0] }],
  ],
])("an abort whose reason %s leaves nothing behind", async (_, reason) => {
  let disposed = 0;
  class Disposable extends RpcTarget {
    [Symbol.dispose]() {
      disposed++;
    }
  }
  const { say } = scripted(new Disposable());
  say(["abort", reason]);
  await settle();
  expect(disposed).toBe(1);
});

// A promise always has an id of its own. With a reused id, it could resolve to itself.
test.each([
  [
    "twice in a message",
    [
      [
        "push",
        [
          [
            ["promise", -1],
            ["promise", -1],
          ],
        ],
      ],
    ],
  ],
  [
    "in two messages",
    [
      ["push", ["promise", -1]],
      ["push", ["promise", -1]],
    ],
  ],
])("a promise under an id in use is refused: %s", async (_, messages) => {
  const { say, ended } = scripted(new Api());
  for (const message of messages) say(message);
  await settle();
  expect(ended.reason).toBeDefined();
});

// Following such a promise would block the whole process, after one message of a peer.
describe("a promise that resolves to itself rejects, and the process goes on", () => {
  const self = (first: unknown, resolution: unknown) => [
    ["push", first],
    ["resolve", -1, resolution],
    ["pull", 1],
  ];
  const echo = (argument: unknown) => ["pipeline", 0, ["echo"], [argument]];
  const ON_A_SERVER: readonly (readonly [string, readonly unknown[]])[] = [
    ["by the receiver's id for it", self(["promise", -1], ["pipeline", 1])],
    ["inside a value", self({ a: ["promise", -1] }, ["pipeline", 1])],
    [
      "as an argument",
      [...self({ a: ["promise", -1] }, ["pipeline", 1]), ["push", echo(["pipeline", 1])]],
    ],
    [
      "through another one",
      [
        ["push", ["promise", -1]],
        ["push", ["promise", -2]],
        ["resolve", -1, ["pipeline", 2]],
        ["resolve", -2, ["pipeline", 1]],
        ["pull", 1],
      ],
    ],
    [
      "in a stream's call",
      [
        ["stream", ["promise", -1]],
        ["resolve", -1, ["pipeline", 1]],
      ],
    ],
    ["by its own id", self(["promise", -1], ["promise", -1])],
    ["by its own id, as an argument", self(echo(["promise", -1]), ["promise", -1])],
    ["by its own id, inside its resolution", self(echo(["promise", -1]), { x: ["promise", -1] })],
  ];

  test.each(ON_A_SERVER)("if a server receives it: %s", async (_, messages) => {
    const { say, sent, ended } = scripted(new Api());
    for (const message of messages) say(message);
    await settle();
    expect(ended.reason !== undefined || sent.some(([tag]) => tag === "reject")).toBe(true);
  });

  test.each([
    ["itself", ["promise", -1]],
    ["what has it inside", { again: ["promise", -1] }],
  ])("if a client receives it: %s", async (_, resolution) => {
    const { say, api } = scripted();
    const result = failure(api.method());
    say(["resolve", 1, ["promise", -1]]);
    say(["resolve", -1, resolution]);
    expect(await result).toBeInstanceOf(Error);
  });

  test.each([
    ["called", ["pipeline", 1, ["x"], []]],
    ["mapped", ["remap", 1, [], [], [["pipeline", 0]]]],
  ])("%s", async (_, use) => {
    const { say, sent } = scripted(new Api());
    for (const message of self(["promise", -1], ["pipeline", 1]).slice(0, 2)) say(message);
    say(["push", use]);
    say(["pull", 2]);
    await settle();
    const [, , error] = sent.find(([tag, id]) => tag === "reject" && id === 2) ?? [];
    expect(error).toBeDefined();
    expect(error[2]).not.toMatch(/call stack/);
  });
});

test("a call that a peer resolves to one that waits for it fails when the session ends", async () => {
  const { say, api, transport } = scripted(new Api());
  say(["push", ["pipeline", 0, ["echo"], [["promise", -1]]]]);
  say(["push", ["pipeline", 1, [], []]]);
  say([
    "resolve",
    -1,
    [
      [
        ["pipeline", 2],
        ["import", 1],
      ],
    ],
  ]);
  const results = [failure(api.method()), failure(api.method())];
  say(["resolve", 1, ["pipeline", 1, ["x"], []]]);
  say(["resolve", 2, [[["pipeline", 1, ["x"], []]]]]);
  await settle();
  transport.receiver.close(new Error("the end"));
  for (const error of await Promise.all(results)) expect(error.message).toBe("the end");
});

describe("a peer's promises that resolve to its next ones", () => {
  const length = 50_000;
  const AT_ONCE = { limits: { turnBudget: Number.POSITIVE_INFINITY } };
  const link = (i: number) => ["promise", -1 - i];
  /** Pairs of links that introduce each promise where a later message resolves it. */
  const backwards = Array.from({ length: length - 1 }, (_, i) => length - 2 - i);

  test.each([
    ["as they are", (i: number) => link(i)],
    ["in lists", (i: number) => [[link(i)]]],
    ["in objects", (i: number) => ({ x: link(i) })],
  ])("go when the session does: %s", async (_, resolution) => {
    const unhandled = await unhandledRejections(async () => {
      const { say, transport } = scripted(new Api(), AT_ONCE);
      say(["push", link(0)]);
      say(["pull", 1]);
      for (let i = 1; i < length; i++) say(["resolve", -i, resolution(i)]);
      await settle();
      transport.receiver.close(new Error("the end"));
    });
    expect(unhandled).toEqual([]);
  });

  test("are followed as far as a stack can, even if the last are linked first", async () => {
    const unhandled = await unhandledRejections(async () => {
      const { say, sent, transport } = scripted(new Api(), AT_ONCE);
      for (let i = 0; i < length; i++) say(["push", link(i)]);
      for (const i of backwards) say(["resolve", -1 - i, ["pipeline", i + 2]]);
      say(["pull", 1]);
      await settle();
      expect(sent.length).toBeGreaterThan(0);
      transport.receiver.close(new Error("the end"));
    });
    expect(unhandled).toEqual([]);
  });
});

test("operations that wait for themselves are given up when the session ends", async () => {
  let disposed = 0;
  class Main extends RpcTarget {
    echo(value: unknown) {
      return value;
    }
    [Symbol.dispose]() {
      disposed++;
    }
  }
  const { say, transport } = scripted(new Main());
  say(["push", ["pipeline", 0, ["echo"], [["promise", -1]]]]);
  say(["push", ["pipeline", 1, [], []]]);
  say(["resolve", -1, { x: ["pipeline", 2] }]);
  say(["push", ["remap", 2, [], [["import", 0]], [["pipeline", -1, ["echo"], [1]]]]]);
  await settle();
  transport.receiver.close(new Error("the end"));
  await settle();
  expect(disposed).toBe(1);
});

describe("a promise that would hold itself is refused, and its references are disposed of", () => {
  const make = ["pipeline", 0, ["make"], []];

  test.each<readonly [string, unknown[][]]>([
    ["in the message that introduces it", [["resolve", -1, { self: ["promise", -1], made: make }]]],
    [
      "as a result that it is a part of",
      [
        ["push", [[make, ["promise", -1]]]],
        ["resolve", -1, ["import", 1]],
      ],
    ],
    [
      "as a list of a result that it is a part of",
      [
        ["push", [[make, ["promise", -1]]]],
        ["push", [[["pipeline", 1]]]],
        ["resolve", -1, [[["pipeline", 2], 1]]],
      ],
    ],
  ])("%s", async (_, messages) => {
    const resources = new Resources();
    class Main extends RpcTarget {
      make() {
        return resources.make("made");
      }
    }
    const { say, transport } = scripted(new Main());
    for (const message of messages) say(message);
    await settle();
    transport.receiver.close(new Error("the end"));
    await settle();
    expect(resources.disposed).toEqual(["made"]);
  });
});

test("a method that waits for its own result goes on when the session ends", async () => {
  const failures: string[] = [];
  class Main extends RpcTarget {
    async waitFor(value: any) {
      failures.push((await failure(value.x)).message);
    }
  }
  const { say, transport } = scripted(new Main());
  say(["push", ["pipeline", 0, ["waitFor"], [["promise", -1]]]]);
  say(["push", ["pipeline", 1, ["x"]]]);
  say(["resolve", -1, ["import", 2]]);
  await settle();
  expect(failures).toEqual([]);
  transport.receiver.close(new Error("the end"));
  await settle();
  expect(failures).toEqual(["the end"]);
});

describe("results that are named in results", () => {
  /** Makes the peer echo a list that has its last result twice, several times. */
  function doubled(api: any, times: number) {
    let result = api.echo([1, 2]);
    for (let i = 0; i < times; i++) {
      const last = result;
      result = api.echo([last, last]);
      last[Symbol.dispose]();
    }
    return result;
  }

  test("are put in place", async () => {
    const { api, isClean } = pair(new Api());
    const result = await doubled(api, 10);
    expect(result.flat(10)).toHaveLength(2048);
    result[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("may not grow without end: the session ends, and nothing is left", async () => {
    const limits = { maxWork: 100_000 };
    const { api, server } = pair(new Api(), { server: { limits } });
    expect(await failure(doubled(api, 60))).toMatchObject({
      message: expect.stringContaining("Over limits.maxWork of 100000"),
    });
    await settle();
    expect(server.getStats()).toEqual({ imports: 0, exports: 0 });
  });

  test("may not grow in the instructions of a map() either", async () => {
    const { say, ended } = scripted(new Api(), { limits: { maxWork: 100_000 } });
    const instructions = Array.from({ length: 60 }, (_, i) => [
      [
        ["pipeline", i],
        ["pipeline", i],
      ],
    ]);
    say(["push", ["remap", 0, ["rows"], [], instructions]]);
    say(["push", ["pipeline", 0, ["echo"], [["pipeline", 1]]]]);
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxWork" });
  });

  test("may not nest in the instructions of a map() either", async () => {
    const { say, sent, ended } = scripted(new Api());
    const instructions = Array.from({ length: 10_000 }, (_, i) => [[["pipeline", i]]]);
    say(["push", ["remap", 0, ["rows"], [], instructions]]);
    say(["push", ["pipeline", 0, ["echo"], [["pipeline", 1]]]]);
    say(["pull", 2]);
    say(["push", ["pipeline", 0, ["echo"], [3]]]);
    say(["pull", 3]);
    await settle();
    expect(sent).toEqual([
      [
        "reject",
        2,
        ["error", expect.any(String), expect.stringContaining("exceeded maximum allowed depth")],
      ],
      ["resolve", 3, 3],
    ]);
    expect(ended).toEqual({});
  });

  test("are refused beside promises that fail later, without an unhandled rejection", async () => {
    const unhandled = await unhandledRejections(async () => {
      const { say, ended } = scripted(new Api(), { limits: { maxWork: 100_000 } });
      const doubling = Array.from({ length: 60 }, (_, i) => [
        [
          ["pipeline", i],
          ["pipeline", i],
        ],
      ]);
      say(["push", ["remap", 0, ["rows"], [], doubling]]);
      say([
        "push",
        [
          "pipeline",
          0,
          ["echo"],
          [
            [
              [
                ["promise", -1],
                ["pipeline", 1],
              ],
            ],
          ],
        ],
      ]);
      say(["pull", 2]);
      say(["reject", -1, ["error", "Error", "too late"]]);
      await settle();
      expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxWork" });
    });
    expect(unhandled).toEqual([]);
  });
});
