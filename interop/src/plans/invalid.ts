import { call, get, note, op, plan, result, target, value, variable } from "./vector.ts";

/** A plan that isn't one, and the place of the error. */
type Invalid = readonly [name: string, plan: unknown, place?: string];

const block = (body: readonly object[]) => ({
  map: { over: value([1]), as: "x", body, value: variable("x"), result: 9 },
});

/** Plans that break a rule of the shape. */
export const INVALID: readonly Invalid[] = [
  ["null", null],
  ["a list", []],
  ["without ops", { result: value(1) }],
  ["with both names of ops", { ops: [], operations: [], result: value(1) }],
  ["of another version", { v: 2, ops: [], result: value(1) }],
  ["without a result", { ops: [] }],
  ["with an unknown key", { ops: [], result: value(1), extra: 1 }],
  ["whose ops are an object", { ops: {}, result: value(1) }],
  ["with a step that is no object", plan([5 as never], value(1)), "ops[0]"],
  [
    "with a step of two kinds",
    plan([Object.assign({}, get(0, value(1), "a"), call(1, "echo"))], value(1)),
    "ops[0]",
  ],
  ["with a step of an unknown kind", plan([{ jump: { to: 1 } }], value(1)), "ops[0]"],
  ["with an unknown key in a step", plan([{ get: { target, path: [], result: 0, extra: 1 } }], 0)],
  ["with a step that lacks a key", plan([{ get: { target, result: 0 } }], 0)],
  ["with a source of two kinds", plan([], Object.assign({}, value(1), variable("a")))],
  ["with a source of an unknown kind", plan([], { global: { name: "a" } })],
  ["with a text as a source", plan([], "a" as never)],
  ["with a negative capture", { ops: [], result: -1 }],
  [
    "with a number of a result that is negative",
    plan([{ array: { items: [], result: -1 } }], value(1)),
  ],
  [
    "with a number of a result that isn't whole",
    plan([{ array: { items: [], result: 0.5 } }], value(1)),
  ],
  ["with one number for two results", plan([get(0, target, "a"), get(0, target, "b")], 0)],
  [
    "with a forward reference",
    plan([op(0, "add", result(1), value(1)), op(1, "add", value(1), value(1))], 0),
    "ops[0].op.args[0].result",
  ],
  [
    "with a reference of a step to itself",
    plan([op(0, "add", result(0), value(1))], 0),
    "ops[0].op.args[0].result",
  ],
  ["whose result is of no step", plan([], 5), "result.result"],
  [
    "with the result of an inner block",
    plan([block([op(0, "add", value(1), value(1))])], 0),
    "result.result",
  ],
  [
    "with the result of a sibling block",
    plan(
      [
        {
          if: {
            cond: value(true),
            then: [op(0, "add", value(1), value(1))],
            else: [],
            value: [result(0), result(0)],
            result: 1,
          },
        },
      ],
      1,
    ),
    "ops[0].if.value[1].result",
  ],
  ["with a variable that isn't declared", plan([], variable("a")), "result.var"],
  [
    "with a variable that is declared later",
    plan([op(0, "add", variable("a"), value(1)), { let: { name: "a", value: value(1) } }], 0),
    "ops[0].op.args[0].var",
  ],
  [
    "with a variable of an inner block",
    plan([block([{ let: { name: "a", value: value(1) } }])], variable("a")),
    "result.var",
  ],
  [
    "that declares a variable twice in a block",
    plan(
      [{ let: { name: "a", value: value(1) } }, { let: { name: "a", value: value(2) } }],
      variable("a"),
    ),
    "ops[1].let.name",
  ],
  [
    "with a name of a variable that isn't one",
    plan([{ let: { name: "a b", value: value(1) } }], value(1)),
    "ops[0].let.name",
  ],
  [
    "with a name of 257 characters",
    plan([{ let: { name: "a".repeat(257), value: value(1) } }], value(1)),
    "ops[0].let.name",
  ],
  [
    "that sets a variable that isn't declared",
    plan([{ set: { name: "a", value: value(1) } }], value(1)),
    "ops[0].set.name",
  ],
  [
    "that sets a variable from within a map",
    plan(
      [{ let: { name: "a", value: value(1) } }, block([{ set: { name: "a", value: value(2) } }])],
      variable("a"),
    ),
    "ops[1].map.body[0].set.name",
  ],
  [
    "with break outside of a loop",
    plan([{ break: { if: value(true) } }], value(1)),
    "ops[0].break",
  ],
  [
    "with continue outside of a loop",
    plan([{ continue: { if: value(true) } }], value(1)),
    "ops[0].continue",
  ],
  [
    "with break in a map",
    plan([block([{ break: { if: value(true) } }])], 9),
    "ops[0].map.body[0].break",
  ],
  [
    "with a loop of both kinds",
    plan(
      [
        {
          loop: {
            over: value([]),
            as: "x",
            test: [],
            while: value(true),
            max: 1,
            body: [],
            value: value(1),
            result: 0,
          },
        },
      ],
      0,
    ),
  ],
  [
    "with a while loop without max",
    plan([{ loop: { test: [], while: value(true), body: [], value: value(1), result: 0 } }], 0),
  ],
  ["with an unknown operator", plan([op(0, "eval", value("1"))], 0), "ops[0].op.name"],
  [
    "with the name of a method of objects as operator",
    plan([op(0, "toString", value("1"))], 0),
    "ops[0].op.name",
  ],
  ["with too few arguments of an operator", plan([op(0, "add", value(1))], 0)],
  ["with too many arguments of an operator", plan([op(0, "not", value(true), value(true))], 0)],
  [
    "with a path that is no list",
    plan([{ get: { target, path: "a", result: 0 } }], 0),
    "ops[0].get.path",
  ],
  ["with a part of a path that isn't whole", plan([get(0, target, 0.5)], 0), "ops[0].get.path[0]"],
  ["with __proto__ in a path", plan([get(0, target, "__proto__")], 0), "ops[0].get.path[0]"],
  ["with constructor as a member", plan([call(0, "constructor")], 0), "ops[0].call.member"],
  ["with a member that stubs answer themselves", plan([call(0, "dup")], 0), "ops[0].call.member"],
  ["with map as a member", plan([call(0, "map")], 0), "ops[0].call.member"],
  ["with a field named then", plan([{ object: { fields: { then: value(1) }, result: 0 } }], 0)],
  [
    "with one value of an if",
    plan([{ if: { cond: value(true), then: [], else: [], value: [value(1)], result: 0 } }], 0),
    "ops[0].if.value",
  ],
  [
    "with a fault in a branch that isn't taken",
    plan(
      [
        note(0, value("never")),
        {
          if: {
            cond: value(true),
            then: [],
            else: [op(1, "nothing", value(1))],
            value: [value(1), value(2)],
            result: 2,
          },
        },
      ],
      2,
    ),
    "ops[1].if.else[0].op.name",
  ],
];
