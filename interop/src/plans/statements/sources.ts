import { call, type PlanVector, param, plan, result, value } from "../vector.ts";

/** Every source. */
export const SOURCES: readonly PlanVector[] = [
  {
    name: "a plan without steps",
    plan: plan([], value({ a: [1, "x", null] })),
    result: { a: [1, "x", null] },
  },
  { name: "params as they are", plan: plan([], param()), params: { a: 1 }, result: { a: 1 } },
  { name: "a path in params", plan: plan([], param("a", 1)), params: { a: [1, 2] }, result: 2 },
  { name: "a missing param", plan: plan([], param("b")), params: { a: 1 }, result: undefined },
  {
    name: "a path through a missing param",
    plan: plan([], param("b", "c")),
    params: { a: 1 },
    error: { message: "Cannot read properties of undefined (reading 'c')" },
  },
  {
    name: "the name of a method of objects in params",
    plan: plan([], param("a", "hasOwn")),
    params: { a: {} },
    result: undefined,
  },
  {
    name: "values of all kinds",
    plan: plan(
      [],
      value({
        n: null,
        u: undefined,
        i: -5n,
        d: new Date(5),
        b: new Uint8Array([1, 2]),
        f: Number.NaN,
      }),
    ),
    result: {
      n: null,
      u: undefined,
      i: -5n,
      d: new Date(5),
      b: new Uint8Array([1, 2]),
      f: Number.NaN,
    },
  },
  {
    name: "a result that is used twice",
    plan: plan(
      [call(0, "echo", value([1])), { array: { items: [result(0), result(0)], result: 1 } }],
      1,
    ),
    result: [[1], [1]],
  },
  {
    name: "the old name of ops",
    plan: { operations: [call(0, "echo", value(1))], result: result(0) },
    result: 1,
  },
  {
    name: "captures by number, and a plan without a version",
    plan: {
      captures: [7],
      ops: [
        { call: { target: { capture: 0 }, member: "echo", args: [value(2)], result: 5 } },
        { call: { target: 0, member: "echo", args: [result(5)], result: 3 } },
      ],
      result: result(3),
    },
    result: 2,
  },
];
