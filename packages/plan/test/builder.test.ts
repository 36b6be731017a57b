import { RpcStub, RpcTarget } from "@capnweb/core";
import { expect, test } from "vitest";
import { type P, PlaceholderError, PlanBuildError, plan, planFrom } from "../src/index.ts";
import { connect, errorOf, Item, Tools } from "./support.ts";

/** The error of a callback that can't be recorded. */
function refused(build: (...args: any[]) => unknown): any {
  try {
    plan<any>()(build as any);
  } catch (error) {
    return error;
  }
  throw new Error("The plan was recorded.");
}

test.each<[string, (p: any) => unknown, RegExp]>([
  ["a template", (p) => `${p.x}`, /\$\.text/],
  ["a computed key", (p) => ({ a: 1 })[p.x as "a"], /\$\.index\(\)/],
  ["+", (p) => p.x + 1, /\$\.add\(\)/],
  ["-", (p) => p.x - 1, /\$\.sub\(\)/],
  ["a sign", (p) => -p.x, /\$\.neg\(\)/],
  ["<", (p) => p.x < 2, /\$\.lt\(\)/],
  // biome-ignore lint/suspicious/noDoubleEquals: it coerces
  ["==", (p) => p.x == 2, /\$\.eq\(\)/],
  ["a spread list", (p) => [...p.x], /\$\.map\(\)/],
  ["Object.hasOwn", (p) => Object.hasOwn(p.x, "a"), /\$\.has\(\)/],
  ["a spread object", (p) => ({ ...p.x }), /\$\.keys\(\)/],
  [
    "for of",
    (p) => {
      for (const each of p.x) return each;
    },
    /\$\.loop\(\)/,
  ],
  [
    "for in",
    (p) => {
      for (const each in p.x) return each;
    },
    /\$\.keys\(\)/,
  ],
  ["in", (p) => "a" in p.x, /\$\.in\(\)/],
  ["JSON", (p) => JSON.stringify(p.x), /Return it/],
  [
    "an assignment",
    (p) => {
      p.x = 1;
    },
    /\$\.set\(\)/,
  ],
  [
    "delete",
    (p) => {
      delete p.x;
    },
    /Return an object/,
  ],
  ["new", (p) => new p.x(), /Call a method/],
  ["then", (p) => p.x.then((x: unknown) => x), /synchronous/],
  ["a method of stubs", (p) => p.x.dup(), /No peer/],
  ["a member of Object.prototype", (p) => p.x.valueOf(), /No peer/],
])("a placeholder throws in %s, and names the operator", (_name, use, remedy) => {
  const error = refused((_$, _api, p) => use(p));
  expect(error).toBeInstanceOf(PlaceholderError);
  expect(error.code).toBe("PLAN_PLACEHOLDER");
  expect(error.message).toMatch(/^params(\.x)? is a placeholder/);
  expect(error.message).toMatch(remedy);
});

test("callbacks must be synchronous", async () => {
  expect(refused(async (_$, api) => api.x())).toBeInstanceOf(PlanBuildError);
  expect(refused(($, api) => $.map(api.x(), async () => 1)).message).toContain("synchronous");
  // Awaiting a placeholder fails too, and its failure isn't reported besides.
  const error = refused(async (_$, api) => await api.x());
  expect(error.message).toContain("synchronous");
});

test.each<[string, (...args: any[]) => unknown, RegExp]>([
  ["a function", (_$, api) => api.watch(() => 1), /a function/],
  ["a target", (_$, api) => api.watch(new Tools()), /Make a stub/],
  ["a promise", (_$, api) => api.watch(Promise.resolve()), /await promises/],
  ["a symbol", () => Symbol.iterator, /symbol/],
  ["set of a value that is no variable", ($, _api, p) => $.set(p.x, 1), /\$\.let\(\)/],
  ["an operator with too few arguments", ($) => $.add(1), /\$\.add\(\) takes 2/],
  [
    "a while without max",
    ($) =>
      $.while(
        () => true,
        () => 1,
      ),
    /max/,
  ],
  ["a missing callback", ($, api) => $.map(api.x()), /^map\(\) takes a function/],
  ["a value for a block", ($, _api, p) => $.if(p.x, 1, 2), /^\$\.if\(\) takes a function/],
  [
    "a placeholder for a block",
    ($, api) => $.try(api.x(), () => 1),
    /^\$\.try\(\) takes a function/,
  ],
  [
    "a reduce without callback",
    ($, api) => $.reduce(api.x(), 0),
    /^\$\.reduce\(\) takes a function/,
  ],
  ["a method of lists", (_$, api) => api.x().filter(() => true), /\$\.filter\(\)/],
])("a plan can't hold %s", (_name, build, message) => {
  expect(refused(build).message).toMatch(message);
});

test("a placeholder belongs to its block and its plan", () => {
  let kept: any;
  const outside = refused(($, api) => {
    $.map(api.list(), (item: any) => {
      kept = item;
      return item;
    });
    return kept;
  });
  expect(outside.message).toContain("outside of the block");
  let other: any;
  plan<any>()((_$, api) => {
    other = api;
    return 1;
  });
  expect(() => other.x()).toThrow("complete");
  expect(refused(() => [other]).message).toContain("another plan");
  expect(refused((_$, api) => api.x(other)).message).toContain("another plan");
});

test("a call on a stub from outside needs use()", async () => {
  const events: string[] = [];
  using item = new RpcStub(new Item("mine", events));
  expect(refused((_$, _api, p) => (item as any).next(p.x)).message).toContain("$.use(stub)");

  const { stub } = connect(new Tools());
  const used = plan<Tools>()(($, api) => [$.use(item).name(), api.echo(item)]);
  expect(used.tier).toBe("remap");
  expect(used.captures).toEqual([item]);
  for (const tier of [undefined, "runner"] as const) {
    using got = (await used(stub, undefined, { tier })) as any;
    expect(got[0]).toBe("mine");
    expect(await got[1].name()).toBe("mine");
  }
  const again = planFrom<Tools, undefined, [string, unknown]>(used.toJSON(), used.captures);
  using got = (await again(stub)) as any;
  expect(got[0]).toBe("mine");
});

test.each<[string, ($: any, api: any, outside: any) => unknown]>([
  ["returned", (_$, _api, outside) => outside.item("x")],
  ["in an object", (_$, _api, outside) => ({ item: outside.item("x") })],
  ["an argument", (_$, api, outside) => api.echo(outside.item("x").name())],
  ["compared", ($, _api, outside) => $.eq(outside.list(1), 1)],
  ["given to $.use()", ($, _api, outside) => $.use(outside.item("x")).name()],
  ["in a block", ($, _api, outside) => $.map($.range(2), () => outside.list(1))],
])("the result of a call on a stub from outside is refused: %s", (_name, build) => {
  const { stub: outside } = connect(new Tools());
  const error = refused(($, api) => build($, api, outside));
  expect(error).toBeInstanceOf(PlanBuildError);
  expect(error.message).toContain("$.use(stub)");
});

test("promises from before the plan are stubs as others are", async () => {
  const { stub } = connect(new Tools());
  const item = stub.item("x");
  const used = plan<Tools>()(($, api) => [$.use<Item>(item).name(), api.echo(item)]);
  using got = (await used(stub)) as any;
  expect(got[0]).toBe("x");
  expect(await got[1].name()).toBe("x");
});

test("unknown options are refused", () => {
  const { stub } = connect(new Tools());
  expect(() => plan<Tools>({ nmae: "x" } as any)).toThrow('no option "nmae", only name');
  const nothing = plan<Tools>()(() => null);
  expect(() => nothing(stub, undefined, { teir: "runner" } as any)).toThrow(
    'no option "teir", only runner and tier',
  );
});

test("a param that can't be read is named", async () => {
  const { stub } = connect(new Tools());
  type Params = P<{ from: { days: number } }>;
  const straight: any = plan<Tools>()((_$, api, p: Params) => api.echo(p.from.days));
  expect(() => straight(stub)).toThrow("params.from.days, and was run without params");
  const computed: any = plan<Tools>()(($, _api, p: Params) => $.add(p.from.days, 1));
  const without = await errorOf(computed(stub));
  expect(without).toMatchObject({ code: "PLAN_STEP", cause: { code: "PATH" } });
  expect(without.message).toMatch(/^The plan was run without params, so params\.from\.days failed/);
  expect((await errorOf(computed(stub, {}))).message).toMatch(/^params\.from\.days failed: /);
});

test("the error of a limit names the limit, as other limits do", async () => {
  const { stub } = connect(new Tools());
  const endless = plan<Tools>()(($) =>
    $.while(
      () => $.eq(1, 1),
      () => 1,
      { max: 1e9 },
    ),
  );
  expect(await errorOf(endless(stub))).toMatchObject({ code: "LIMIT", limit: "maxIterations" });
});

test("plans are parts of other plans", async () => {
  const older = plan<Tools>()(($, api, p: P<{ than: number; count: number }>) =>
    $.filter(api.list(p.count), (each) => $.gt(each, p.than)),
  );
  const both = plan<Tools>()(($, api, p: P<number>) => ({
    some: older(api, { than: 2, count: p }),
    more: $.size(older(api, { than: 0, count: p })),
  }));
  const { stub } = connect(new Tools());
  expect(await both(stub, 5)).toEqual({ some: [3, 4], more: 4 });
  const stored = planFrom<Tools>(older.toJSON());
  expect(refused((_$, api) => (stored as any)(api)).message).toContain("planFrom()");
});

test("variables, jumps and other statements", async () => {
  const { stub } = connect(new Tools());
  const numbers = plan<Tools>()(($, api, p: P<{ list: number[] }>) => {
    const sum = $.let(0);
    const seen = $.loop(p.list, (n, i) => {
      $.continue($.lt(n, 0));
      $.break($.gt(sum, 10));
      $.set(sum, $.add(sum, n));
      return [i, n] as const;
    });
    const first = $.find(p.list, (n) => $.lt(n, 0));
    const caught = $.try(
      () => api.fail("no"),
      (failure) => failure.message,
    );
    const reduced = $.reduce(p.list, 1, (so, n, i) => $.add(so, $.mul(n, i)));
    const text = $.text`sum ${sum}: ${first}`;
    return { sum, seen, first, caught, reduced, text, all: $.all(p.list, (n) => $.lt(n, 100)) };
  });
  expect(await numbers(stub, { list: [5, -1, 6, 7, 8] })).toEqual({
    sum: 11,
    seen: [
      [0, 5],
      [2, 6],
    ],
    first: -1,
    caught: "no",
    reduced: 65,
    text: "sum 11: -1",
    all: true,
  });
});

test("the promise of a plan can be used before it settles", async () => {
  const { stub } = connect(new Tools());
  const made = plan<Tools>()(($, api) =>
    $.if(
      true,
      () => api.item("a"),
      () => null,
    ),
  );
  using item = made(stub) as any;
  expect(await item.next().name()).toBe("a'");
  const { length } = await (plan<Tools>()(($) => $.range(3))(stub) as any).map((n: any) => [n]);
  expect(length).toBe(3);
});

test("a plan runs on stubs only, and tells a missing runner", async () => {
  const size = plan<Tools>()(($, api) => $.size(api.list(2)));
  expect(() => size({} as any)).toThrow("new RpcStub(object)");
  using plain = new RpcStub(new (class extends RpcTarget {})());
  expect(await errorOf(size(plain as any))).toMatchObject({ code: "PLAN_NO_RUNNER" });
  expect(await errorOf(size.prepare(plain as any))).toMatchObject({ code: "PLAN_NO_RUNNER" });
  expect((await errorOf(size.prepare(undefined as any))).message).toMatch(
    /stub of a PlanRunner.*\$plans/,
  );
});

test("a callback and a runner must stand in their places", () => {
  expect(() => plan((() => 1) as any)).toThrow("plan<Api>()(callback)");
  expect(() => plan()(undefined as any)).toThrow("plan() takes a function");
  const size = plan<Tools>()(($, api) => $.size(api.list(2)));
  using stub = new RpcStub(new Tools());
  expect(() => size(stub, undefined, { runner: {} } as any)).toThrow("the stub of a PlanRunner");
});

test("toString is readable", () => {
  const made = plan<any>({ name: "everything" })(($, api, p: P<any>) => {
    const n = $.let(0);
    const list = $.while(
      () => $.lt(n, p.max),
      () => {
        $.set(n, $.add(n, 1));
        return api.get({ "a b": n, at: new Date(0), big: 5n });
      },
      { max: 9 },
    );
    return $.try(
      () =>
        $.reduce(list, [] as number[], (sum, item: any, i) =>
          $.if(
            $.in(item, sum),
            () => sum,
            () => [i],
          ),
        ),
      () => null,
    );
  });
  expect(`${made}`).toMatchInlineSnapshot(`
    "plan everything(api, params) {
      let let1 = 0
      #4 = while, at most 9 times {
        #0 = let1 < params.max
      } (#0) {
        #1 = let1 + 1
        let1 = #1
        #2 = { "a b": let1, at: Date(1970-01-01T00:00:00.000Z), big: 5n }
        #3 = api.get(#2)
        => #3
      }
      #9 = try {
        #8 = reduce (sum2 = [], item3, index4 of #4) {
          #5 = item3 in sum2
          #7 = if (#5) {
            => sum2
          } else {
            #6 = [index4]
            => #6
          }
          => #7
        }
        => #8
      } catch (failure5) {
        => null
      }
      return #9
    }"
  `);
});
