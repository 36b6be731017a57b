import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

class Api extends RpcTarget {
  numbers(count: number) {
    return Array.from({ length: count }, (_, i) => i + 1);
  }
  add(a: number, b: number) {
    return a + b;
  }
  nothing(): string[] | null {
    return null;
  }
  rows() {
    return [[1], [2]];
  }
}

describe("recording a map()", () => {
  test("takes one round trip, whatever the length of the list", async () => {
    const { api, clientEnd } = pair(new Api());
    const sums = await api.numbers(100).map((n) => api.add(n, 1000));
    expect(sums).toHaveLength(100);
    expect(sums.at(-1)).toBe(1100);
    await settle();
    const sent = clientEnd.sent.map(([tag]) => tag);
    expect(sent.filter((tag) => tag !== "release")).toEqual(["push", "push", "pull"]);
    expect(clientEnd.sent[1]).toEqual([
      "push",
      [
        "remap",
        1,
        [],
        [["import", 0]],
        [
          ["pipeline", -1, ["add"], [["pipeline", 0], 1000]],
          ["pipeline", 1],
        ],
      ],
    ]);
  });

  const REFUSED: readonly (readonly [string, (api: any) => unknown, RegExp])[] = [
    ["an async callback", () => async () => 1, /synchronous/],
    ["a callback that makes a function", () => () => () => 1, /Can't construct an RpcTarget/],
    ["a callback that makes a target", () => () => new Api(), /Can't construct an RpcTarget/],
    ["a callback that returns a stream", () => () => new ReadableStream(), /ReadableStream/],
    ["a callback that passes what can't travel", (api) => () => api.add(new Map(), 1), /serialize/],
    [
      "a callback that throws",
      () => () => {
        throw new Error("its own");
      },
      /its own/,
    ],
  ];

  test.each(REFUSED)("refuses %s, and sends nothing", (_, make, message) => {
    const { api, clientEnd, client } = pair(new Api());
    const list = new RpcPromise(Promise.resolve([1])) as any;
    expect(() => list.map(make(api))).toThrow(message);
    expect(clientEnd.sent).toEqual([]);
    expect(client.getStats()).toEqual({ imports: 1, exports: 1 });
  });

  test.each<[string, (api: any) => (value: any) => unknown, string]>([
    ["an argument", (api) => () => api.add(1, { a: [new Map()] }), "arguments[1].a[0]: Map"],
    ["a result", () => (value) => ({ value, why: /x/ }), "result.why: RegExp"],
    [
      "a function",
      (api) => () => api.add({ callback: () => 1 }),
      "arguments[0].callback: function",
    ],
    ["a target", () => () => ({ list: [new Api()] }), "result.list[0]: Api"],
    ["a promise", () => () => ({ soon: Promise.resolve() }), "result.soon: Promise"],
    ["a map in a map", (api) => (list) => list.map(() => api.add(new Set())), "arguments[0]: Set"],
  ])("names the place of the value in the error of %s", (_, make, place) => {
    const { api } = pair(new Api());
    const list = new RpcPromise(Promise.resolve([1])) as any;
    expect(() => list.map(make(api))).toThrow(`(${place})`);
  });

  test("refuses a placeholder outside of its callback", async () => {
    const { api } = pair(new Api());
    let escaped: any;
    await api.numbers(1).map((n) => {
      escaped = n;
      return n;
    });
    expect((await failure(escaped.then((x: unknown) => x))).message).toMatch(/placeholder/);
    expect((await failure(escaped.method())).message).toMatch(/placeholder/);
  });

  test("leaves captured stubs to the caller, and the peer releases its references", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Api());
    const stub = new RpcStub(resources.make("captured")) as any;
    expect(await api.numbers(2).map(() => stub.use())).toEqual(["used captured", "used captured"]);
    await settle();
    expect(await stub.use()).toBe("used captured");
    stub[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["captured"]);
    expect(isClean()).toBe(false);
  });

  test("releases a stub captured by a nested map()", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Api());
    const stub = new RpcStub(resources.make("captured")) as any;
    const rows = api.rows() as any;
    expect(await rows.map((row: any) => row.map(() => stub.use()))).toHaveLength(2);
    rows[Symbol.dispose]();
    stub[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["captured"]);
    expect(isClean()).toBe(true);
  });

  test("releases a stub captured by a nested map() that throws", () => {
    const resources = new Resources();
    const { api } = pair(new Api());
    const stub = new RpcStub(resources.make("captured")) as any;
    expect(() =>
      (api.rows() as any).map((row: any) =>
        row.map(() => {
          stub.use();
          throw new Error("nested");
        }),
      ),
    ).toThrow("nested");
    stub[Symbol.dispose]();
    expect(resources.disposed).toEqual(["captured"]);
  });
});

describe("applying a map()", () => {
  test("maps null and undefined to themselves", async () => {
    const { api } = pair(new Api());
    expect(await api.nothing().map((x) => api.add(x as never, 1))).toBe(null);
  });

  test("on a stub uses the target in place, and doesn't dispose of it", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      make() {
        return resources.make("mapped");
      }
    }
    const { api } = pair(new Main());
    using made = (await api.make()) as any;
    expect(await made.map((resource: any) => resource.use())).toBe("used mapped");
    await settle();
    expect(resources.disposed).toEqual([]);
    expect(await made.use()).toBe("used mapped");
  });

  test("works on local promises and stubs, without a session", async () => {
    const list = new RpcPromise(Promise.resolve([{ v: 1 }, { v: 2 }]));
    expect(await list.map((each) => each.v)).toEqual([1, 2]);
    const nested = new RpcPromise(Promise.resolve([[1, 2], [3]]));
    expect(await nested.map((row) => row.map((cell) => ({ cell })))).toEqual([
      [{ cell: 1 }, { cell: 2 }],
      [{ cell: 3 }],
    ]);
  });

  test("fails the result if one element fails, and disposes of the others' results", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      ids() {
        return [1, 2, 3];
      }
      make(id: number) {
        if (id === 2) throw new Error("no second");
        return resources.make(`made ${id}`);
      }
    }
    const { api } = pair(new Main());
    const mapped = (api.ids() as any).map((id: any) => ({ made: (api as any).make(id) }));
    expect((await failure(mapped)).message).toBe("no second");
    mapped[Symbol.dispose]();
    await settle();
    expect(resources.disposed.sort()).toEqual(["made 1", "made 3"]);
  });

  const MALFORMED: readonly (readonly [string, unknown[]])[] = [
    ["no instructions", []],
    ["a variable that isn't there", [["pipeline", 5]]],
    ["a capture that isn't there", [["pipeline", -3, ["x"], []]]],
    ["an export", [["export", -1]]],
    ["a promise of the peer's", [["promise", -1]]],
    ["a pipe", [["readable", 1]]],
    ["nonsense", [["nonsense"]]],
  ];

  test.each(MALFORMED)(
    "fails the call, not the process, on instructions with %s",
    async (_, instructions) => {
      const { say, sent } = scripted(new Api());
      say(["push", ["pipeline", 0, ["numbers"], [2]]]);
      say(["push", ["remap", 1, [], [], instructions]]);
      say(["pull", 2]);
      await settle();
      expect(sent.at(-1)[0]).toMatch(/reject|abort/);
    },
  );
});

describe("a map() callback that needs a placeholder's value", () => {
  const uses: Record<string, (value: any) => unknown> = {
    "a template": (value) => `${value}!`,
    arithmetic: (value) => value.price + 1,
    comparison: (value) => value > 1,
    // biome-ignore lint/suspicious/noDoubleEquals: that is tested
    "equality with another type": (value) => value == 1,
    "String()": (value) => String(value),
    "JSON.stringify": (value) => JSON.stringify({ value }),
    "spreading a list": (value) => [...value],
    "spreading an object": (value) => ({ ...value }),
    "a loop": (value) => {
      for (const each of value) return each;
    },
    in: (value) => "a" in value,
  };

  test.each(Object.entries(uses))("fails with the remedy: %s", (_name, use) => {
    const { api, clientEnd } = pair(new Api());
    expect(() => api.numbers(2).map(use as never)).toThrow(/map\(\).*Return it/);
    expect(clientEnd.sent.some(([, expression]: any) => expression?.[0] === "remap")).toBe(false);
  });

  test("a native promise in a map() callback is an error, and isn't unhandled", () => {
    const { api } = pair(new Api());
    const use = () => [Promise.reject(new Error("no"))];
    expect(() => api.numbers(2).map(use as never)).toThrow(/Promise.*Await it before map/);
  });
});
