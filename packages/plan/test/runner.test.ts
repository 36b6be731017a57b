import { RpcStub, RpcTarget } from "@capnweb/core";
import { expect, test } from "vitest";
import { PlanRunner } from "../src/index.ts";

class Api extends RpcTarget {
  add(a: number, b: number) {
    return a + b;
  }
  async later(value: unknown) {
    await null;
    return value;
  }
  list(n: number) {
    return Array.from({ length: n }, (_, id) => ({ id, age: id * 10 }));
  }
}

const cap = { capture: { index: 0 } };
const result = (index: number) => ({ result: { index } });
const value = (v: unknown) => ({ byValue: { value: v } });
const v = (name: string) => ({ var: { name } });

function run(ops: unknown[], res: unknown, params?: unknown) {
  using runner = new RpcStub(new PlanRunner());
  using api = new RpcStub(new Api());
  return runner.run({ v: 1, ops, result: res } as any, params, [api]);
}

test("calls, operators, conditions", async () => {
  expect(
    await run(
      [
        {
          call: {
            target: cap,
            member: "add",
            args: [value(1), { param: { path: ["x"] } }],
            result: 0,
          },
        },
        { op: { name: "gt", args: [result(0), value(2)], result: 1 } },
        {
          if: {
            cond: result(1),
            then: [{ call: { target: cap, member: "later", args: [value("y")], result: 2 } }],
            else: [],
            value: [result(2), value("n")],
            result: 3,
          },
        },
      ],
      result(3),
      { x: 2 },
    ),
  ).toBe("y");
});

test("map, filter, loop", async () => {
  expect(
    await run(
      [
        { call: { target: cap, member: "list", args: [value(5)], result: 0 } },
        {
          filter: {
            over: result(0),
            as: "i",
            body: [
              { get: { target: v("i"), path: ["age"], result: 10 } },
              { op: { name: "gt", args: [result(10), value(15)], result: 11 } },
            ],
            cond: result(11),
            result: 1,
          },
        },
        {
          map: {
            over: result(1),
            as: "i",
            index: "n",
            body: [
              { get: { target: v("i"), path: ["id"], result: 20 } },
              { call: { target: cap, member: "later", args: [result(20)], result: 21 } },
              { array: { items: [result(21), v("n")], result: 22 } },
            ],
            value: result(22),
            result: 2,
          },
        },
      ],
      result(2),
    ),
  ).toEqual([
    [2, 0],
    [3, 1],
    [4, 2],
  ]);
});

test("while, let, set, break", async () => {
  expect(
    await run(
      [
        { let: { name: "n", value: value(0) } },
        {
          loop: {
            test: [{ op: { name: "lt", args: [v("n"), value(100)], result: 0 } }],
            while: result(0),
            max: 1000,
            body: [
              { call: { target: cap, member: "add", args: [v("n"), value(1)], result: 1 } },
              { set: { name: "n", value: result(1) } },
              { op: { name: "eq", args: [v("n"), value(5)], result: 2 } },
              { break: { if: result(2) } },
            ],
            value: v("n"),
            result: 3,
          },
        },
        { array: { items: [v("n"), result(3)], result: 4 } },
      ],
      result(4),
    ),
  ).toEqual([5, [1, 2, 3, 4]]);
});

test("failures", async () => {
  await expect(
    run([{ op: { name: "add", args: [value(1), value("a")], result: 7 } }], result(7)),
  ).rejects.toMatchObject({ code: "PLAN_OVERLOAD", data: { step: 7, operator: "add" } });
  await expect(
    run([{ call: { target: cap, member: "nope", args: [], result: 7 } }], result(7)),
  ).rejects.toMatchObject({ code: "PLAN_STEP", data: { step: 7 }, cause: { code: "PATH" } });
});
