import { call, op, type PlanVector, plan, result, value, variable } from "../vector.ts";
import { each, x } from "./each.ts";

/** `let` and `set`. */
export const VARIABLES: readonly PlanVector[] = [
  {
    name: "let and set",
    plan: plan(
      [
        { let: { name: "a", value: value(1) } },
        op(0, "add", variable("a"), value(1)),
        { set: { name: "a", value: result(0) } },
      ],
      variable("a"),
    ),
    result: 2,
  },
  {
    name: "set: in an if",
    plan: plan(
      [
        { let: { name: "a", value: value(1) } },
        {
          if: {
            cond: value(true),
            then: [{ set: { name: "a", value: value(2) } }],
            else: [],
            value: [value(0), value(0)],
            result: 0,
          },
        },
      ],
      variable("a"),
    ),
    result: 2,
  },
  {
    name: "let: shadows one of a surrounding block",
    plan: plan(
      [
        { let: { name: "a", value: value(1) } },
        {
          if: {
            cond: value(true),
            then: [
              { let: { name: "a", value: value(2) } },
              { set: { name: "a", value: value(3) } },
            ],
            else: [],
            value: [variable("a"), value(0)],
            result: 0,
          },
        },
        { array: { items: [variable("a"), result(0)], result: 1 } },
      ],
      1,
    ),
    result: [1, 3],
  },
  {
    name: "set: in a loop",
    plan: plan(
      [
        { let: { name: "sum", value: value(0) } },
        {
          loop: {
            over: value([1, 2, 3]),
            as: "x",
            body: [op(0, "add", variable("sum"), x), { set: { name: "sum", value: result(0) } }],
            value: x,
            result: 1,
          },
        },
      ],
      variable("sum"),
    ),
    result: 6,
  },
  {
    name: "let: anew in each iteration",
    plan: plan(
      [
        each("loop", [{ let: { name: "a", value: x } }, op(0, "add", variable("a"), value(1))], {
          value: result(0),
        }),
      ],
      9,
    ),
    result: [2, 3, 4],
  },
  {
    name: "the variable of a map shadows",
    plan: plan(
      [
        { let: { name: "x", value: value(7) } },
        { map: { over: value([1]), as: "x", body: [], value: x, result: 0 } },
        { array: { items: [x, result(0)], result: 1 } },
      ],
      1,
    ),
    result: [7, [1]],
  },
  {
    name: "a failure in a variable",
    plan: plan(
      [call(0, "fail", value("no")), { let: { name: "a", value: result(0) } }],
      variable("a"),
    ),
    error: { message: "no", step: 0 },
  },
];
