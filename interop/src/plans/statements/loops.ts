import { call, note, op, type PlanVector, plan, result, value, variable } from "../vector.ts";
import { each, x } from "./each.ts";

/** A plan that counts to 3, with a `while` loop. */
const counting = (max: number) =>
  plan(
    [
      { let: { name: "n", value: value(0) } },
      {
        loop: {
          test: [op(0, "lt", variable("n"), value(3))],
          while: result(0),
          max,
          body: [op(1, "add", variable("n"), value(1)), { set: { name: "n", value: result(1) } }],
          value: variable("n"),
          result: 2,
        },
      },
    ],
    2,
  );

/** Both kinds of `loop`, `break` and `continue`. */
export const LOOPS: readonly PlanVector[] = [
  {
    name: "loop: a list of values",
    plan: plan([each("loop", [op(0, "mul", x, x)], { value: result(0) })], 9),
    result: [1, 4, 9],
  },
  {
    name: "loop: in order",
    plan: plan([each("loop", [note(0, x)], { value: x }, ["a", "b"])], 9),
    result: ["a", "b"],
    notes: ["a", "b"],
  },
  {
    name: "loop: no list",
    plan: plan([each("loop", [], { value: x }, 5)], 9),
    error: { code: "PLAN_NOT_LIST", step: 9 },
  },
  {
    name: "loop: break",
    plan: plan(
      [
        each(
          "loop",
          [op(0, "eq", x, value("b")), { break: { if: result(0) } }, note(1, x)],
          { value: x },
          ["a", "b", "c"],
        ),
      ],
      9,
    ),
    result: ["a"],
    notes: ["a"],
  },
  {
    name: "loop: continue",
    plan: plan(
      [
        each(
          "loop",
          [op(0, "eq", x, value("b")), { continue: { if: result(0) } }, note(1, x)],
          { value: x },
          ["a", "b", "c"],
        ),
      ],
      9,
    ),
    result: ["a", "c"],
    notes: ["a", "c"],
  },
  {
    name: "loop: break from within an if",
    plan: plan(
      [
        each(
          "loop",
          [
            op(0, "eq", x, value(2)),
            {
              if: {
                cond: result(0),
                then: [{ break: { if: value(true) } }],
                else: [],
                value: [value(0), value(0)],
                result: 1,
              },
            },
          ],
          { value: x },
        ),
      ],
      9,
    ),
    result: [1],
  },
  {
    name: "loop: break ends the innermost loop",
    plan: plan(
      [
        each(
          "loop",
          [
            {
              loop: {
                over: value([1, 2]),
                as: "y",
                body: [{ break: { if: value(true) } }],
                value: variable("y"),
                result: 0,
              },
            },
          ],
          { value: x },
        ),
      ],
      9,
    ),
    result: [1, 2, 3],
  },
  {
    name: "loop: a condition of break that is no boolean",
    plan: plan([each("loop", [{ break: { if: value(1) } }], { value: x })], 9),
    error: { code: "PLAN_CONDITION" },
  },
  {
    name: "loop: a condition of continue that is no boolean",
    plan: plan([each("loop", [{ continue: { if: value("a") } }], { value: x })], 9),
    error: { code: "PLAN_CONDITION" },
  },
  {
    name: "loop: a failed value",
    plan: plan([each("loop", [call(0, "fail", x)], { value: result(0) }, ["a", "b"])], 9),
    error: { message: "a", step: 0 },
  },
  {
    name: "while: counts",
    plan: counting(10),
    result: [1, 2, 3],
  },
  {
    name: "while: false at once",
    plan: plan(
      [
        {
          loop: {
            test: [],
            while: value(false),
            max: 5,
            body: [note(0, value("never"))],
            value: value(1),
            result: 1,
          },
        },
      ],
      1,
    ),
    result: [],
  },
  {
    name: "while: as often as max",
    plan: counting(3),
    result: [1, 2, 3],
  },
  {
    name: "while: more often than max",
    plan: plan(
      [{ loop: { test: [], while: value(true), max: 3, body: [], value: value(1), result: 1 } }],
      1,
    ),
    error: { code: "PLAN_LOOP", step: 1 },
  },
  {
    name: "while: a condition that is no boolean",
    plan: plan(
      [{ loop: { test: [], while: value(1), max: 3, body: [], value: value(1), result: 1 } }],
      1,
    ),
    error: { code: "PLAN_CONDITION", step: 1 },
  },
  {
    name: "while: break",
    plan: plan(
      [
        {
          loop: {
            test: [],
            while: value(true),
            max: 3,
            body: [{ break: { if: value(true) } }],
            value: value(1),
            result: 1,
          },
        },
      ],
      1,
    ),
    result: [],
  },
];
