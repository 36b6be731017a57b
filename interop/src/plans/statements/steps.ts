import {
  call,
  callOn,
  get,
  note,
  op,
  type PlanVector,
  param,
  plan,
  result,
  target,
  value,
} from "../vector.ts";

/** Calls, reads, objects, lists and operators. */
export const STEPS: readonly PlanVector[] = [
  {
    name: "call: arguments in order",
    plan: plan([call(0, "sum", value(1), value(20), param())], 0),
    params: 300,
    result: 321,
  },
  {
    name: "call: on a result",
    plan: plan([call(0, "counter", value(5)), callOn(1, result(0), "increment", value(2))], 1),
    result: 7,
  },
  {
    name: "call: with a capability as argument",
    plan: plan([call(0, "counter", value(5)), call(1, "increment", result(0))], 1),
    result: 6,
  },
  {
    name: "call: of a function, without a member",
    plan: plan(
      [get(0, target, "double"), { call: { target: result(0), args: [value(4)], result: 1 } }],
      1,
    ),
    result: 8,
  },
  {
    name: "call: in order",
    plan: plan([note(0, value("a")), note(1, value("b")), note(2, value("c"))], value(null)),
    result: null,
    notes: ["a", "b", "c"],
  },
  {
    name: "call: a failure that is used",
    plan: plan([call(0, "fail", value("no"))], 0),
    error: { name: "RangeError", message: "no", step: 0 },
  },
  {
    name: "call: a failure that isn't used",
    plan: plan([call(0, "fail", value("no")), call(1, "echo", value(1))], 1),
    result: 1,
  },
  {
    name: "call: a failed argument",
    plan: plan([call(0, "fail", value("no")), call(1, "note", result(0))], 1),
    error: { message: "no", step: 0 },
  },
  {
    name: "call: a failed target",
    plan: plan([call(0, "fail", value("no")), callOn(1, result(0), "x")], 1),
    error: { message: "no", step: 0 },
  },
  {
    name: "call: of a missing member",
    plan: plan([call(0, "missing")], 0),
    error: { message: "'missing' is not a function.", step: 0 },
  },
  {
    name: "call: of plain data",
    plan: plan([callOn(0, value({ a: 1 }), "a")], 0),
    error: { name: "TypeError", message: "'a' is not a function.", step: 0 },
  },
  {
    name: "get: a path in a capability that leads through a name that stubs answer themselves",
    plan: plan([get(0, target, "map", "length")], 0),
    error: { code: "PLAN_RESERVED", step: 0 },
  },
  {
    name: "a path through a capability in params",
    plan: plan([], param("counter", "map")),
    params: { counter: null },
    result: undefined,
  },
  {
    name: "get: a property of a capability",
    plan: plan([get(0, target, "greeting")], 0),
    result: "hello",
  },
  {
    name: "get: a path in a result",
    plan: plan([call(0, "users"), get(1, result(0), 1, "name")], 1),
    result: "bob",
  },
  {
    name: "get: a property that is missing",
    plan: plan([get(0, value({ a: 1 }), "b")], 0),
    result: undefined,
  },
  {
    name: "get: past a property that is missing",
    plan: plan([get(0, value({ a: 1 }), "b", "c")], 0),
    error: { message: "Cannot read properties of undefined (reading 'c')", step: 0 },
  },
  {
    name: "get: an element past the end",
    plan: plan([get(0, value([1]), 5)], 0),
    result: undefined,
  },
  {
    name: "get: the length of a list",
    plan: plan([get(0, value([1]), "length")], 0),
    result: undefined,
  },
  {
    name: "get: a property of a text",
    plan: plan([get(0, value("abc"), "length")], 0),
    result: undefined,
  },
  {
    name: "object: fields in order",
    plan: plan([{ object: { fields: { b: value(1), a: param("x") }, result: 0 } }], 0),
    params: { x: 2 },
    result: { b: 1, a: 2 },
  },
  {
    name: "object: a failed field",
    plan: plan(
      [call(0, "fail", value("no")), { object: { fields: { a: result(0) }, result: 1 } }],
      1,
    ),
    error: { message: "no", step: 0 },
  },
  {
    name: "array: items",
    plan: plan([{ array: { items: [value(1), value([2])], result: 0 } }], 0),
    result: [1, [2]],
  },
  { name: "array: no items", plan: plan([{ array: { items: [], result: 0 } }], 0), result: [] },
  {
    name: "array: a failed item",
    plan: plan([call(0, "fail", value("no")), { array: { items: [result(0)], result: 1 } }], 1),
    error: { message: "no" },
  },
  {
    name: "op: a failed argument",
    plan: plan([call(0, "fail", value("no")), op(1, "add", result(0), value(1))], 1),
    error: { message: "no", step: 0 },
  },
  {
    name: "op: and ignores a failure beside false",
    plan: plan([call(0, "fail", value("no")), op(1, "and", result(0), value(false))], 1),
    result: false,
  },
  {
    name: "op: and fails beside true",
    plan: plan([call(0, "fail", value("no")), op(1, "and", result(0), value(true))], 1),
    error: { message: "no" },
  },
  {
    name: "op: or ignores a failure beside true",
    plan: plan([call(0, "fail", value("no")), op(1, "or", result(0), value(true))], 1),
    result: true,
  },
  {
    name: "op: or fails beside false",
    plan: plan([call(0, "fail", value("no")), op(1, "or", value(false), result(0))], 1),
    error: { message: "no" },
  },
  {
    name: "op: cond ignores the failure that it doesn't take",
    plan: plan([call(0, "fail", value("no")), op(1, "cond", value(false), result(0), value(2))], 1),
    result: 2,
  },
  {
    name: "op: cond fails with the one that it takes",
    plan: plan([call(0, "fail", value("no")), op(1, "cond", value(true), result(0), value(2))], 1),
    error: { message: "no" },
  },
  {
    name: "op: fail",
    plan: plan([op(0, "fail", value("out of stock"))], 0),
    error: { code: "PLAN_FAILED", message: "out of stock", step: 0 },
  },
  {
    name: "op: fail takes a text",
    plan: plan([op(0, "fail", value(1))], 0),
    error: { code: "PLAN_OVERLOAD", step: 0 },
  },
  {
    name: "op: eq refuses capabilities",
    plan: plan([op(0, "eq", target, value(1))], 0),
    error: { code: "PLAN_OVERLOAD", step: 0 },
  },
  {
    name: "op: the type of a capability",
    plan: plan([op(0, "type", target)], 0),
    result: "capability",
  },
];
