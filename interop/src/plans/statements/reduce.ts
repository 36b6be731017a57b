import { note, op, type PlanVector, plan, result, value, variable } from "../vector.ts";
import { each, x } from "./each.ts";

/** `reduce`. */
export const REDUCE: readonly PlanVector[] = [
  {
    name: "reduce",
    plan: plan(
      [
        each("reduce", [op(0, "add", variable("sum"), x)], {
          acc: "sum",
          init: value(10),
          value: result(0),
        }),
      ],
      9,
    ),
    result: 16,
  },
  {
    name: "reduce: an empty list",
    plan: plan(
      [
        each(
          "reduce",
          [op(0, "add", variable("sum"), x)],
          { acc: "sum", init: value(10), value: result(0) },
          [],
        ),
      ],
      9,
    ),
    result: 10,
  },
  {
    name: "reduce: with the index",
    plan: plan(
      [
        each("reduce", [op(0, "mul", variable("i"), x), op(1, "add", variable("sum"), result(0))], {
          acc: "sum",
          index: "i",
          init: value(0),
          value: result(1),
        }),
      ],
      9,
    ),
    result: 8,
  },
  {
    name: "reduce: with calls, in order",
    plan: plan(
      [
        each(
          "reduce",
          [note(0, x), op(1, "add", variable("all"), x)],
          { acc: "all", init: value(""), value: result(1) },
          ["a", "b"],
        ),
      ],
      9,
    ),
    result: "ab",
    notes: ["a", "b"],
  },
  {
    name: "reduce: no list",
    plan: plan([each("reduce", [], { acc: "sum", init: value(0), value: x }, 5)], 9),
    error: { code: "PLAN_NOT_LIST" },
  },
  {
    name: "reduce: a failed step",
    plan: plan(
      [
        each(
          "reduce",
          [op(0, "add", variable("sum"), x)],
          { acc: "sum", init: value(0), value: result(0) },
          [1, "a"],
        ),
      ],
      9,
    ),
    error: { code: "PLAN_OVERLOAD", step: 0 },
  },
];
