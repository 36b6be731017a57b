import { RpcStub, RpcTarget } from "@capnweb/core";
import { describe, expect, test, vi } from "vitest";
import { PlanRunner, validatePlan } from "../src/index.ts";
import {
  api,
  call,
  connect,
  each,
  errorOf,
  letting,
  op,
  param,
  result,
  runPlan,
  setting,
  Tools,
  value,
  variable,
} from "./support.ts";

const loop = (body: unknown[], output: unknown, number: number, over: unknown = param()) =>
  each("loop", body, output, number, { over, as: `x${number}` });

/** Plans that aren't valid, and the place of the mistake. */
const INVALID: readonly (readonly [string, unknown, string])[] = [
  ["nothing", undefined, "plan"],
  ["a text", "plan", "plan"],
  ["a list", [], "plan"],
  ["no result", { ops: [] }, "plan"],
  ["no ops", { result: value(1) }, "plan"],
  ["ops twice", { ops: [], operations: [], result: value(1) }, "plan"],
  ["another version", { v: 2, ops: [], result: value(1) }, "plan.v"],
  ["an unknown key", { ops: [], result: value(1), more: 1 }, "plan"],
  ["ops that are no list", { ops: {}, result: value(1) }, "ops"],
  ["an op of two kinds", { ops: [{ get: {}, call: {} }], result: value(1) }, "ops[0]"],
  ["an unknown op", { ops: [{ eval: {} }], result: value(1) }, "ops[0]"],
  ["an op of Object.prototype", { ops: [{ toString: {} }], result: value(1) }, "ops[0]"],
  ["a source of Object.prototype", { ops: [], result: { constructor: {} } }, "result"],
  ["an unknown source", { ops: [], result: { global: {} } }, "result"],
  ["a source that is null", { ops: [], result: null }, "result"],
  ["a negative capture", { ops: [], result: -1 }, "result"],
  ["a result that is never made", { ops: [], result: result(0) }, "result.result"],
  [
    "a result of itself",
    { ops: [call("x", [], 0, result(0))], result: value(1) },
    "ops[0].call.target.result",
  ],
  [
    "a result of a later step",
    { ops: [call("x", [result(1)], 0), call("x", [], 1)], result: value(1) },
    "ops[0].call.args[0].result",
  ],
  [
    "a result from inside a block",
    {
      ops: [
        {
          if: {
            cond: value(true),
            then: [call("x", [], 0)],
            else: [],
            value: [value(1), value(1)],
            result: 1,
          },
        },
      ],
      result: result(0),
    },
    "result.result",
  ],
  [
    "a result of the other branch",
    {
      ops: [
        {
          if: {
            cond: value(true),
            then: [call("x", [], 0)],
            else: [],
            value: [value(1), result(0)],
            result: 1,
          },
        },
      ],
      result: value(1),
    },
    "ops[0].if.value[1].result",
  ],
  [
    "a number of two steps",
    { ops: [call("x", [], 0), call("x", [], 0)], result: value(1) },
    "ops[1].call.result",
  ],
  ["a number that is none", { ops: [call("x", [], 1.5)], result: value(1) }, "ops[0].call.result"],
  [
    "a method of Object.prototype",
    { ops: [call("constructor", [], 0)], result: value(1) },
    "ops[0].call.member",
  ],
  ["a method of stubs", { ops: [call("dup", [], 0)], result: value(1) }, "ops[0].call.member"],
  [
    "a method that is no text",
    { ops: [call(1 as any, [], 0)], result: value(1) },
    "ops[0].call.member",
  ],
  [
    "__proto__ in a path",
    { ops: [{ get: { target: api, path: ["__proto__"], result: 0 } }], result: value(1) },
    "ops[0].get.path[0]",
  ],
  [
    "a long path",
    { ops: [{ get: { target: api, path: Array(257).fill("a"), result: 0 } }], result: value(1) },
    "ops[0].get.path",
  ],
  [
    "an object in a path",
    { ops: [{ get: { target: api, path: [{}], result: 0 } }], result: value(1) },
    "ops[0].get.path[0]",
  ],
  [
    "a key of Object.prototype",
    { ops: [{ object: { fields: { hasOwnProperty: value(1) }, result: 0 } }], result: value(1) },
    "ops[0].object.fields.hasOwnProperty",
  ],
  [
    "__proto__ as a key",
    JSON.parse(
      '{"ops":[{"object":{"fields":{"__proto__":{"byValue":{"value":1}}},"result":0}}],"result":0}',
    ),
    "ops[0].object.fields.__proto__",
  ],
  [
    "then as a key",
    { ops: [{ object: { fields: { then: value(1) }, result: 0 } }], result: value(1) },
    "ops[0].object.fields.then",
  ],
  [
    "an unknown operator",
    { ops: [op("matches", [value(""), value("")], 0)], result: value(1) },
    "ops[0].op.name",
  ],
  [
    "an operator of Object.prototype",
    { ops: [op("toString", [], 0)], result: value(1) },
    "ops[0].op.name",
  ],
  ["too few arguments", { ops: [op("add", [value(1)], 0)], result: value(1) }, "ops[0].op.args"],
  [
    "too many arguments",
    { ops: [op("not", [value(1), value(1)], 0)], result: value(1) },
    "ops[0].op.args",
  ],
  ["an unknown variable", { ops: [], result: variable("x") }, "result.var"],
  [
    "a variable of a block",
    { ops: [loop([letting("y", value(1))], value(1), 0)], result: variable("y") },
    "result.var",
  ],
  [
    "a variable before it is declared",
    { ops: [call("x", [variable("y")], 0), letting("y", value(1))], result: value(1) },
    "ops[0].call.args[0].var",
  ],
  [
    "a variable twice",
    { ops: [letting("y", value(1)), letting("y", value(1))], result: value(1) },
    "ops[1].let.name",
  ],
  ["a name that is none", { ops: [letting("a b", value(1))], result: value(1) }, "ops[0].let.name"],
  ["set without let", { ops: [setting("y", value(1))], result: value(1) }, "ops[0].set.name"],
  [
    "set from a map",
    {
      ops: [
        letting("y", value(1)),
        {
          map: {
            over: param(),
            as: "x",
            body: [setting("y", variable("x"))],
            value: value(1),
            result: 0,
          },
        },
      ],
      result: value(1),
    },
    "ops[1].map.body[0].set.name",
  ],
  [
    "break outside of a loop",
    { ops: [{ break: { if: value(true) } }], result: value(1) },
    "ops[0].break",
  ],
  [
    "break out of a map in a loop",
    {
      ops: [
        loop(
          [
            {
              map: {
                over: param(),
                as: "x",
                body: [{ break: { if: value(true) } }],
                value: value(1),
                result: 0,
              },
            },
          ],
          value(1),
          1,
        ),
      ],
      result: value(1),
    },
    "ops[0].loop.body[0].map.body[0].break",
  ],
  [
    "a while without max",
    {
      ops: [{ loop: { test: [], while: value(true), body: [], value: value(1), result: 0 } }],
      result: value(1),
    },
    "ops[0].loop",
  ],
  [
    "one value for two branches",
    {
      ops: [{ if: { cond: value(true), then: [], else: [], value: [value(1)], result: 0 } }],
      result: value(1),
    },
    "ops[0].if.value",
  ],
  ["a function", { ops: [], result: value(() => 1) }, "plan"],
  ["a stub in a list", { ops: [], result: value([new RpcStub(new Tools())]) }, "plan"],
  ["a target", { ops: [], result: value(new Tools()) }, "plan"],
];

test.each(INVALID)("refused: %s", async (_name, plan, place) => {
  const error = await errorOf(Promise.resolve().then(() => validatePlan(plan)));
  expect(error).toMatchObject({ code: "PLAN_INVALID", data: { place } });
  expect(error.message).toContain("plan");
});

test("nothing of an invalid plan runs", async () => {
  const tools = new Tools();
  const error = await errorOf(
    runPlan([call("note", [value("ran")], 0), call("note", [result(7)], 1)], result(0), {
      target: tools,
    }),
  );
  expect(error.code).toBe("PLAN_INVALID");
  expect(tools.events).toEqual([]);
});

test("a stub or promise in the place of a plan's part is refused", async () => {
  const { stub, client } = connect(new Tools());
  const runner = (stub as any).$plans;
  const target = new (class extends RpcTarget {})();
  for (const plan of [stub, { ops: stub, result: value(1) }, { ops: [], result: target }]) {
    expect((await errorOf(runner.run(plan, undefined, [stub]))).code).toBe("PLAN_INVALID");
  }
  expect((await errorOf(runner.run({ ops: [], result: value(1) }, undefined, stub))).code).toBe(
    "PLAN_INVALID",
  );
  runner[Symbol.dispose]();
  expect(client.getStats()).toEqual({ imports: 1, exports: 1 });
});

test("a plan reaches only what its sender reaches", async () => {
  class Guarded extends Tools {
    secret = "hidden";
    get map_() {
      return "visible";
    }
  }
  const get = (path: unknown[]) => [{ get: { target: api, path, result: 0 } }];
  expect((await errorOf(runPlan(get(["secret"]), result(0), { target: new Guarded() }))).code).toBe(
    "PLAN_STEP",
  );
  expect(await runPlan(get(["map_"]), result(0), { target: new Guarded() })).toBe("visible");
  expect((await errorOf(runPlan(get(["map"]), result(0)))).code).toBe("PLAN_RESERVED");
  expect(await runPlan([op("index", [value({ a: 1 }), value("a")], 0)], result(0))).toBe(1);
  for (const key of ["__proto__", "constructor", "toString"]) {
    expect(
      (await errorOf(runPlan([op("index", [value({ a: 1 }), value(key)], 0)], result(0)))).code,
    ).toBe("PLAN_KEY");
    expect(await runPlan([op("has", [value({ a: 1 }), value(key)], 0)], result(0))).toBe(false);
  }
  expect((await errorOf(runPlan([call("push", [value(1)], 0, value([]))], result(0)))).code).toBe(
    "PLAN_STEP",
  );
  expect(Object.prototype).not.toHaveProperty("polluted");
});

/** Plans that grow something by doubling, nesting or repetition. */
const GROWING: Readonly<Record<string, { ops: unknown[]; output?: unknown; params?: unknown }>> = {
  "a text that doubles": {
    ops: [
      letting("s", value("xxxxxxxx")),
      loop([op("add", [variable("s"), variable("s")], 0), setting("s", result(0))], value(1), 1),
    ],
    output: variable("s"),
  },
  "a list that doubles": {
    ops: [
      letting("s", value([1, 2, 3])),
      loop([op("add", [variable("s"), variable("s")], 0), setting("s", result(0))], value(1), 1),
    ],
    output: variable("s"),
  },
  "a list of itself": {
    ops: [
      letting("s", value([1])),
      loop(
        [{ array: { items: [variable("s"), variable("s")], result: 0 } }, setting("s", result(0))],
        value(1),
        1,
      ),
    ],
    output: variable("s"),
  },
  "a comparison of lists of themselves": {
    ops: [
      letting("s", value([1])),
      loop(
        [{ array: { items: [variable("s"), variable("s")], result: 0 } }, setting("s", result(0))],
        value(1),
        1,
      ),
      op("eq", [variable("s"), variable("s")], 2),
    ],
    output: result(2),
  },
  "arguments that are lists of themselves": {
    ops: [
      letting("s", value([1])),
      loop(
        [{ array: { items: [variable("s"), variable("s")], result: 0 } }, setting("s", result(0))],
        value(1),
        1,
      ),
      call("echo", [variable("s")], 2),
    ],
    output: value(1),
    params: Array(24).fill(0),
  },
  "replacements by long texts": {
    ops: [call("text", [value(100_000)], 0), op("replace", [result(0), value("x"), result(0)], 1)],
    output: result(1),
  },
  "replacements of nothing": {
    ops: [call("text", [value(100_000)], 0), op("replace", [result(0), value(""), result(0)], 1)],
    output: result(1),
  },
  "a join with a long separator": {
    ops: [
      call("text", [value(100_000)], 0),
      op("split", [result(0), value("")], 1),
      op("join", [result(1), result(0)], 2),
    ],
    output: result(2),
  },
  "lists of empty texts, joined": {
    ops: [
      letting("s", value(Array(4_096).fill(""))),
      loop(
        [
          op("add", [variable("s"), variable("s")], 0),
          setting("s", result(0)),
          op("join", [result(0)], 2),
        ],
        value(1),
        1,
      ),
    ],
  },
  "lists of empty lists, flattened": {
    ops: [
      letting("s", value(Array(64).fill([]))),
      loop([op("flatten", [variable("s")], 0)], value(1), 1),
      loop([loop([op("flatten", [variable("s")], 2)], value(1), 3)], value(1), 4),
    ],
    params: Array(200).fill(0),
  },
  "long lists of arguments": {
    ops: [
      call("fail", [value("")], 0),
      loop([call("echo", [result(0), ...Array(20_000).fill(api)], 1)], value(1), 2),
    ],
  },
  "errors with long messages": {
    ops: [
      call("echo", [param("error")], 0),
      { array: { items: Array(100).fill(result(0)), result: 1 } },
    ],
    output: result(1),
    params: { error: new Error("x".repeat(100_000)) },
  },
  "headers with long values": {
    ops: [
      call("echo", [param("headers")], 0),
      { array: { items: Array(100).fill(result(0)), result: 1 } },
    ],
    output: result(1),
    params: { headers: new Headers({ long: "x".repeat(100_000) }) },
  },
  "a long range": { ops: [op("range", [value(1e15)], 0)], output: result(0) },
  "loops in loops": {
    ops: [
      op("range", [value(5_000)], 9),
      loop(
        [loop([loop([], value(1), 0, result(9))], value(1), 1, result(9))],
        value(1),
        2,
        result(9),
      ),
    ],
    output: value(1),
  },
  "maps in maps": {
    ops: [
      op("range", [value(5_000)], 9),
      {
        map: {
          over: result(9),
          as: "a",
          body: [{ map: { over: result(9), as: "b", body: [], value: variable("b"), result: 0 } }],
          value: result(0),
          result: 1,
        },
      },
    ],
    output: result(1),
  },
  "an empty endless loop": {
    ops: [
      {
        loop: { test: [], while: value(true), max: 2 ** 52, body: [], value: value(1), result: 0 },
      },
    ],
    output: value(1),
  },
  "large results that are kept": {
    ops: [
      op("range", [value(1_000)], 0),
      loop([call("text", [value(100_000)], 1)], result(1), 2, result(0)),
    ],
    output: value(1),
  },
  "large results at once": {
    ops: [
      op("range", [value(1_000)], 0),
      {
        map: {
          over: result(0),
          as: "n",
          body: [call("text", [value(100_000)], 1)],
          value: result(1),
          result: 2,
        },
      },
    ],
    output: value(1),
  },
  "distinct elements of a long list": {
    ops: [op("range", [value(9_000)], 0), op("distinct", [result(0)], 1)],
    output: value(1),
  },
  "a result of many references": {
    ops: [
      letting("s", value(["x".repeat(1_000)])),
      loop(
        [{ array: { items: Array(64).fill(variable("s")), result: 0 } }, setting("s", result(0))],
        value(1),
        1,
      ),
    ],
    output: variable("s"),
    params: [1, 2, 3],
  },
};

describe.each(Object.entries(GROWING))(
  "%s",
  (_name, { ops, output = value(1), params = Array(64).fill(0) }) => {
    test("ends at a limit, in the time and memory that the limits say", async () => {
      const error = await errorOf(runPlan(ops, output, { params }));
      expect(["LIMIT", "TOO_DEEP"]).toContain(error.code);
    });
  },
);

test("the search for a text takes linear time", async () => {
  const search = (name: string, part: unknown[]) =>
    runPlan(
      [
        call("text", [value(1_000_000)], 0),
        call("text", [value(300_000)], 1),
        op("add", part, 2),
        op(name, [result(0), result(2)], 3),
      ],
      result(3),
    );
  const notAtEnd = [result(1), value("y")];
  expect(await search("lastIndexOf", notAtEnd)).toBe(-1);
  expect(await search("contains", notAtEnd)).toBe(false);
  expect(await search("contains", [value("xy"), result(1)])).toBe(false);
  expect(await search("split", [value("xy"), result(1)])).toHaveLength(1);
});

test("a value that holds itself many times deep is refused", async () => {
  const ops = [
    letting("s", value([])),
    loop([{ array: { items: [variable("s")], result: 0 } }, setting("s", result(0))], value(1), 1),
    op("eq", [variable("s"), variable("s")], 2),
  ];
  const params = Array(5_000).fill(0);
  expect((await errorOf(runPlan(ops, result(2), { params }))).cause.code).toBe("TOO_DEEP");
  expect((await errorOf(runPlan(ops, variable("s"), { params }))).code).toBe("TOO_DEEP");
});

describe("plans that run plans", () => {
  const inner = {
    ops: [
      op("range", [value(10)], 0),
      loop([op("add", [value(1), value(1)], 1)], result(1), 2, result(0)),
    ],
    result: result(2),
  };

  test("share the steps of the outer plan", async () => {
    const runner = new PlanRunner({ limits: { maxSteps: 100 } });
    const { stub } = connect(new Tools(), runner);
    const runInner = (number: number) => [
      { get: { target: api, path: ["$plans"], result: number } },
      call("run", [value(inner)], number + 1, result(number)),
    ];
    const run = (ops: unknown[], output: unknown) =>
      (stub as any).$plans.run({ ops, result: output }, undefined, [stub]);
    expect(await run(runInner(10), result(11))).toHaveLength(10);
    const error = await errorOf(
      run([...runInner(10), ...runInner(20), ...runInner(30), ...runInner(40)], result(41)),
    );
    expect(error.message).toContain("limits.maxSteps of 100");
  });

  test("nest to a depth", async () => {
    let plan: any = inner;
    for (let i = 0; i < 5; i++)
      plan = {
        ops: [call("run", [value(plan), value(null), { array: 0 } as any].slice(0, 1), 0)],
        result: result(0),
      };
    const { stub } = connect(new Tools(), new PlanRunner({ limits: { maxNesting: 3 } }));
    const run = (deep: number) => {
      let each_: any = { ops: [], result: value("end") };
      for (let i = 0; i < deep; i++) {
        each_ = {
          ops: [
            { array: { items: [api], result: 0 } },
            { get: { target: api, path: ["$plans"], result: 1 } },
            call("run", [value(each_), value(null), result(0)], 2, result(1)),
          ],
          result: result(2),
        };
      }
      return (stub as any).$plans.run(each_, undefined, [stub]);
    };
    expect(await run(3)).toBe("end");
    expect((await errorOf(run(4))).message).toContain("limits.maxNesting of 3");
  });

  test("own what they return", async () => {
    const tools = new Tools();
    const { stub } = connect(tools);
    const plan = { ops: [call("item", [value("x")], 0)], result: result(0) };
    const ops = [
      { array: { items: [api], result: 0 } },
      { get: { target: api, path: ["$plans"], result: 1 } },
      call("run", [value(plan), value(null), result(0)], 2, result(1)),
      call("name", [], 3, result(2)),
    ];
    expect(await (stub as any).$plans.run({ ops, result: result(3) }, undefined, [stub])).toBe("x");
    await vi.waitFor(() => expect(tools.events).toEqual(["disposed x"]));
  });

  test("can't run with limits of their own through the method itself", async () => {
    const runner = new PlanRunner({ limits: { maxSteps: 100 } });
    const { stub } = connect(new Tools(), runner);
    const long = { ops: [op("range", [value(400)], 0)], result: result(0) };
    const viaPath = [
      { get: { target: api, path: ["$plans", "run"], result: 0 } },
      { call: { target: result(0), args: [value(long)], result: 1 } },
    ];
    const error = await errorOf(
      stub.$plans.run({ ops: viaPath, result: result(1) }, undefined, [stub]),
    );
    // The method needs its runner.
    expect(error).toMatchObject({ code: "PLAN_STEP", cause: { name: "TypeError" } });
  });
});
