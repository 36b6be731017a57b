// An application's own value types: each is one record, containers included.
import { valueType } from "@capnweb/wire";
import { describe, expect, test } from "vitest";
import { RpcPromise, type RpcSessionOptions, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { Money, OrderedMap, types } from "./support/own-types.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { unhandledRejections } from "./support/unhandled.ts";

class Api extends RpcTarget {
  readonly resources = new Resources();
  readonly taken: any[] = [];
  echo(value: any): any {
    return value;
  }
  give(value: () => unknown): any {
    return (value as any)();
  }
  priced(): any {
    return new OrderedMap<unknown>([
      ["price", new Money(5n, "EUR")],
      ["target", this.resources.make("target")],
      ["late", Promise.resolve({ later: 1 })],
    ]);
  }
  take(value: any): void {
    this.taken.push(value);
  }
  async keep(value: any): Promise<string> {
    this.taken.push(value);
    return await value.get("stub").use();
  }
  deep(): any {
    let value: unknown = this.resources.make("inner");
    for (let i = 0; i < 300; i++) value = new OrderedMap([["in", value]]);
    return new OrderedMap<unknown>([
      ["deep", value],
      ["target", this.resources.make("outer")],
    ]);
  }
  failing(): any {
    return new OrderedMap([["never", Promise.reject(new Error("not handled"))]]);
  }
  nothing(): void {}
}

const connect = (options: RpcSessionOptions = {}, level?: "structuredClonable") => {
  const api = new Api();
  return { main: api, ...pair(api, { level, client: { types }, server: { types, ...options } }) };
};

describe.each(["string", "structuredClonable"] as const)(
  "an own value type at encoding level %s",
  (level) => {
    const open = () => connect({}, level === "string" ? undefined : level);

    test("arrives as a value of its class, wherever it stands", async () => {
      const { api } = open();
      const price = new Money(123n, "EUR");
      const back = await api.echo({ list: [price] });
      expect(back.list[0]).toBeInstanceOf(Money);
      expect(back.list[0]).toEqual(price);
      expect(back.list[0]).not.toBe(price);
    });

    test("arrives with its parts in order, and with values in place of its promises", async () => {
      const { api } = open();
      using map = await api.priced();
      expect(map).toBeInstanceOf(OrderedMap);
      expect(map.entries().map(([key]: [string]) => key)).toEqual(["price", "target", "late"]);
      expect(map.get("price")).toEqual(new Money(5n, "EUR"));
      expect(map.get("late")).toEqual({ later: 1 });
      expect(await map.get("target").use()).toBe("used target");
    });

    test("releases its stubs with a call's result", async () => {
      const { api, main, isClean } = open();
      const map = await api.priced();
      await settle();
      expect(main.resources.disposed).toEqual([]);
      map[Symbol.dispose]();
      await settle();
      expect(main.resources.disposed).toEqual(["target"]);
      expect(isClean()).toBe(true);
    });

    test("lends its stubs to a method until it returns, and leaves them to the caller", async () => {
      const { api, main, isClean } = open();
      const resources = new Resources();
      const stub = new RpcStub(resources.make("argument"));
      expect(await api.keep(new OrderedMap([["stub", stub]]))).toBe("used argument");
      await settle();
      expect((await failure(main.taken[0].get("stub").use())).message).toMatch(/disposed/);
      expect(resources.disposed).toEqual([]);
      stub[Symbol.dispose]();
      expect(resources.disposed).toEqual(["argument"]);
      expect(isClean()).toBe(true);
    });

    test("has values in place of its promises before the method is called", async () => {
      const { api } = open();
      const late = new RpcPromise(Promise.resolve("late"));
      const back = await api.echo(
        new OrderedMap<unknown>([
          ["a", late],
          ["b", api.echo(2)],
        ]),
      );
      expect(back.entries()).toEqual([
        ["a", "late"],
        ["b", 2],
      ]);
    });

    test("can be a Map or Set, with capabilities and promises in it", async () => {
      const { api, isClean } = open();
      const key = { id: 1 };
      const sent = new Map<unknown, unknown>([
        [key, new Set([1, () => "called", Promise.resolve("late")])],
        [Promise.resolve("key"), 2n],
      ]);
      using back = await api.echo(sent);
      const [[firstKey, set], second] = [...back];
      expect(firstKey).toEqual(key);
      expect(second).toEqual(["key", 2n]);
      const [one, callback, late] = [...set];
      expect([one, await callback(), late]).toEqual([1, "called", "late"]);
      back[Symbol.dispose]();
      await settle();
      expect(isClean()).toBe(true);
    });
  },
);

describe("an own value type in this process", () => {
  test("is copied as a container, and the method owns the copy's stubs", async () => {
    const main = new Api();
    const api = new RpcStub(main) as any;
    const resources = new Resources();
    const stub = new RpcStub(resources.make("argument"));
    const map = new OrderedMap<unknown>([
      ["stub", stub],
      ["list", [1]],
    ]);
    expect(await api.keep(map)).toBe("used argument");
    const [taken] = main.taken;
    expect(taken).toBeInstanceOf(OrderedMap);
    expect(taken).not.toBe(map);
    expect(taken.get("list")).toEqual([1]);
    expect(taken.get("list")).not.toBe(map.get("list"));
    await settle();
    expect((await failure(taken.get("stub").use())).message).toMatch(/disposed/);
    expect(await (stub as any).use()).toBe("used argument");
  });

  test("hands over a target in a container", async () => {
    const resources = new Resources();
    const api = new RpcStub(new Api()) as any;
    await api.nothing(new OrderedMap([["target", resources.make("argument")]]));
    await settle();
    expect(resources.disposed).toEqual(["argument"]);
  });

  test("gives two copies with references of their own, if a result is named twice", async () => {
    const { api, main, isClean } = connect();
    const map = api.priced();
    using both = await api.echo([map, map]);
    expect(both[0]).not.toBe(both[1]);
    both[Symbol.dispose]();
    map[Symbol.dispose]();
    await settle();
    expect(main.resources.disposed).toEqual(["target"]);
    expect(isClean()).toBe(true);
  });

  test("is disposed of, with its contents, by a stub of an object that holds it", () => {
    const resources = new Resources();
    const map = new OrderedMap([["in", [resources.make("nested")]]]);
    new RpcStub({ map } as any)[Symbol.dispose]();
    expect(resources.disposed).toEqual(["nested"]);
  });
});

test("references in a container too deep to be copied are found, and disposed of once", async () => {
  const { api, main, isClean } = connect();
  expect((await failure(api.deep())).message).toMatch(/maximum allowed depth/);
  await settle();
  expect(main.resources.disposed.sort()).toEqual(["inner", "outer"]);
  expect(isClean()).toBe(true);
});

test("a promise that rejects in a container that isn't asked for isn't unhandled", async () => {
  const { api } = connect();
  const local = new RpcStub(new Api()) as any;
  expect(
    await unhandledRejections(async () => {
      using _remote = api.failing();
      using _local = local.failing();
      await api.nothing();
      await local.nothing();
    }),
  ).toEqual([]);
});

describe("limits count the contents of a container", () => {
  const entries = (count: number) => Array.from({ length: count }, (_, i) => [`k${i}`, i]);
  const call = (method: string, ...args: unknown[]) => ["pipeline", 0, [method], args];
  const map = (count: number) => ["test:ordered-map", entries(count)];

  test.each([
    ["maxValues", [["push", call("take", map(200))]]],
    [
      "maxWork",
      [
        ["push", [[map(40)]]],
        // Each is a copy of the result, which the message makes.
        ["push", call("take", ...Array.from({ length: 10 }, () => ["pipeline", 1]))],
      ],
    ],
    ["maxHeldBytes", Array.from({ length: 40 }, () => ["push", [[map(90)]]])],
  ] as const)("%s", async (limit, messages) => {
    const amounts = { maxValues: 150, maxWork: 400, maxHeldBytes: 100_000 };
    const limits = { [limit]: amounts[limit] };
    const { say, ended } = scripted(new Api(), { types, limits });
    for (const message of messages) say(message);
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit });
  });

  test("of answers", async () => {
    class Big extends RpcTarget {
      give(count: number): any {
        return new OrderedMap(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
      }
    }
    const { api } = pair(new Big(), {
      client: { types },
      server: { types, limits: { maxWork: 2_000 } },
    });
    expect((await api.give(100)).entries()).toHaveLength(100);
    expect((await failure(api.give(3_000))).message).toMatch(/limits\.maxWork of 2000/);
  });

  test("and refuse expressions that are too deep", async () => {
    let deep: unknown = 1;
    for (let i = 0; i < 300; i++) deep = ["test:ordered-map", [["in", deep]]];
    const { say, ended } = scripted(new Api(), { types });
    say(["push", call("take", deep)]);
    await settle();
    expect(ended.reason).toMatchObject({ code: "LIMIT", limit: "maxDepth" });
  });
});

describe("a session without the type", () => {
  test("refuses to send a value of it, and names the value", async () => {
    const { api } = pair(new Api());
    expect(() => (api as any).take(1, new Money(1n, "EUR"))).toThrow(/arguments\[1\]: Money/);
  });

  test("ends if a value of it arrives", async () => {
    const { say, ended } = scripted(new Api());
    say(["push", ["test:money", ["bigint", "1"], "EUR"]]);
    await settle();
    expect(ended.reason).toMatchObject({ code: "BAD_EXPRESSION" });
  });
});

test.each([
  ["too few operands", ["test:money", ["bigint", "1"]]],
  ["an operand of another type", ["test:money", ["bigint", "1"], 5]],
  ["operands that decode refuses", ["test:money", 1, "EUR"]],
  ["entries that are none", ["test:ordered-map", [["a", 1, 2]]]],
])("a session ends if its peer sends %s", async (_, expression) => {
  const { say, ended } = scripted(new Api(), { types });
  say(["push", expression]);
  await settle();
  expect(ended.reason).toMatchObject({ code: "BAD_EXPRESSION" });
});

test("an instance of a subclass isn't of its superclass's own type", async () => {
  class Discount extends Money {}
  const { api } = connect();
  expect(() => (api as any).take(new Discount(1n, "EUR"))).toThrow(/Discount/);
});

describe("an own value type is refused", () => {
  class Other {}
  const rest = { encode: () => [], decode: () => new Other() };

  test("without a colon in its tag", () => {
    expect(() => valueType({ tag: "other" as "a:b", class: Other, ...rest })).toThrow(
      /"app:other"/,
    );
  });

  test("for a class that has one already", () => {
    const again = { tag: "test:again", class: Money, ...rest } as const;
    expect(() => valueType(again as any)).toThrow(/test:again: the class has a value type already/);
  });

  test("for targets", () => {
    class Target extends RpcTarget {}
    const target = { tag: "test:target", class: Target, ...rest } as const;
    expect(() => valueType(target as any)).toThrow(/passed by reference/);
  });

  test("with copy but without parts", () => {
    class Half {}
    const half = { ...rest, tag: "test:half", class: Half, copy: (value: Half) => value } as const;
    expect(() => valueType(half as any)).toThrow(/both copy and parts/);
  });

  test("by a session that has one of the same tag", () => {
    class Again {}
    const again = valueType({ tag: "test:money", class: Again, ...rest });
    expect(() => pair(new Api(), { client: { types: [...types, again] } })).toThrow(/same kind/);
  });
});

test("the error for a value of a type that only the peer has names the option", () => {
  const { api } = pair(new Api(), { server: { types } });
  expect(() => (api as any).echo(new Money(1n, "EUR"))).toThrow(/Money\). Give .* option types/);
});
