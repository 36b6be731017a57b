import { RpcStub } from "@capnweb/core";
import { describe, expect, test } from "vitest";
import { PlanRunner } from "../src/index.ts";
import {
  Cancellable,
  call,
  connect,
  deferred,
  errorOf,
  Item,
  op,
  param,
  result,
  runPlan,
  Tools,
  value,
} from "./support.ts";

/** Runs a plan through a session, and returns what is left of it. */
async function runAndCount(ops: readonly unknown[], output: unknown, params?: unknown) {
  const tools = new Tools();
  const { stub, link, client, server } = connect(tools);
  const runner = (stub as any).$plans;
  const outcome = await runner.run({ ops, result: output }, params, [stub]).then(
    (got: any) => ({ got }),
    (error: any) => ({ error }),
  );
  const release = async () => {
    outcome.got?.[Symbol.dispose]?.();
    runner[Symbol.dispose]();
    await link.settle();
    return [client.getStats(), server.getStats()];
  };
  return { ...outcome, tools, release };
}

const EMPTY = [
  { imports: 1, exports: 1 },
  { imports: 1, exports: 1 },
];

test("capabilities that a plan returns go to the caller, and the others are disposed of", async () => {
  const ops = [
    call("item", [value("a")], 0),
    call("item", [value("b")], 1),
    call("next", [], 2, result(0)),
    { object: { fields: { kept: result(2), twice: result(2) }, result: 3 } },
  ];
  const { got, tools, release } = await runAndCount(ops, result(3));
  expect(await got.kept.name()).toBe("a'");
  expect(await got.twice.name()).toBe("a'");
  expect([...tools.events].sort()).toEqual(["disposed a", "disposed b"]);
  expect(await release()).toEqual(EMPTY);
  expect([...tools.events].sort()).toEqual(["disposed a", "disposed a'", "disposed b"]);
});

test("captures and params stay the caller's, even if the plan returns them", async () => {
  const events: string[] = [];
  using mine = new RpcStub(new Item("mine", events));
  using runner = new RpcStub(new PlanRunner());
  const given = { item: mine } as any;
  using back = (await runner.run({ ops: [], result: param("item") as any }, given)) as any;
  expect(await back.name()).toBe("mine");
  back[Symbol.dispose]();
  expect(await mine.name()).toBe("mine");
  expect(events).toEqual([]);
});

const items = call("items", [value(3)], 0);

describe.each([
  ["a result", [items], value(1), undefined],
  ["a failure", [items, call("fail", [value("no")], 1)], result(1), Error],
  ["a failure of an operator", [items, op("add", [value(1), value("")], 1)], result(1), Error],
  ["an invalid plan", [items, call("x", [], 0)], result(0), Error],
  [
    "a failed element",
    [
      items,
      {
        map: {
          over: result(0),
          as: "x",
          body: [call("fail", [value("no")], 1)],
          value: result(1),
          result: 2,
        },
      },
    ],
    result(2),
    Error,
  ],
  [
    "a filter",
    [items, { filter: { over: result(0), as: "x", body: [], cond: value(false), result: 1 } }],
    result(1),
    undefined,
  ],
])("nothing is left of a plan with %s", (_name, ops, output, failure) => {
  test("", async () => {
    const { error, tools, release } = await runAndCount(ops, output);
    if (failure) expect(error).toBeInstanceOf(failure);
    else expect(error).toBeUndefined();
    expect(await release()).toEqual(EMPTY);
    const disposed = tools.events.filter((each: string) => each.startsWith("disposed"));
    expect(disposed).toHaveLength(_name === "an invalid plan" ? 0 : 3);
  });
});

test("a limit disposes of all that the plan had", async () => {
  const tools = new Tools();
  const map = {
    map: {
      over: result(0),
      as: "x",
      body: [call("next", [], 1, { var: { name: "x" } })],
      value: result(1),
      result: 2,
    },
  };
  const list = {
    map: {
      over: param(),
      as: "n",
      body: [call("item", [{ var: { name: "n" } }], 0)],
      value: result(0),
      result: 3,
    },
  };
  const limits = { maxSteps: 30 };
  const ops = [
    list,
    { ...map, map: { ...map.map, over: result(3) } },
    op("range", [value(1000)], 9),
  ];
  const params = ["a", "b", "c"];
  const error = await errorOf(runPlan(ops, result(9), { target: tools, params, limits }));
  expect(error).toMatchObject({ data: { limit: "maxSteps" } });
  await new Promise((resolve) => setTimeout(resolve));
  expect([...tools.events].sort()).toEqual(
    ["a", "a'", "b", "b'", "c", "c'"].map((each) => `disposed ${each}`),
  );
});

const waits = [
  call("never", [value(2)], 0),
  call("never", [value(2)], 1),
  call("item", [value("x")], 2),
];

test("disposing of the promise of a plan cancels the calls that it makes", async () => {
  const target = new Cancellable();
  const { stub, link, server } = connect(target);
  const runner = (stub as any).$plans;
  const running = runner.run({ ops: waits, result: result(0) }, undefined, [stub]);
  running.then(undefined, () => {});
  await target.began.promise;
  running[Symbol.dispose]();
  await target.allCancelled.promise;
  runner[Symbol.dispose]();
  await link.settle();
  expect(server.getStats()).toEqual({ imports: 1, exports: 1 });
  expect(target.events).toEqual(["disposed x"]);
});

test("a limit of time cancels the calls under way", async () => {
  const target = new Cancellable();
  const error = await errorOf(runPlan(waits, result(0), { target, limits: { maxTime: 20 } }));
  expect(error).toMatchObject({ data: { limit: "maxTime" } });
  await target.allCancelled.promise;
  expect(target.events).toEqual(["disposed x"]);
});

test("the end of the session stops a plan", async () => {
  const target = new Cancellable();
  const { stub, link } = connect(target);
  const running = (stub as any).$plans.run({ ops: waits, result: result(0) }, undefined, [stub]);
  const failed = errorOf(running);
  await target.began.promise;
  link.cut(new Error("gone"));
  expect((await failed).message).toBe("gone");
  await target.allCancelled.promise;
});

test("a result that can't be copied cancels the streams in it", async () => {
  const cancelled = deferred<void>();
  class Streaming extends Tools {
    stream() {
      return new ReadableStream({ cancel: () => cancelled.resolve() });
    }
  }
  const twice = [call("stream", [], 0), { array: { items: [result(0), result(0)], result: 1 } }];
  await errorOf(runPlan(twice, result(1), { target: new Streaming() }));
  await cancelled.promise;
});
