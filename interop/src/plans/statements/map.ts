import { call, get, note, op, type PlanVector, plan, result, value, variable } from "../vector.ts";
import { each, x } from "./each.ts";

/** `map`. */
export const MAP: readonly PlanVector[] = [
  {
    name: "map: each element",
    plan: plan([each("map", [op(0, "mul", x, value(10))], { value: result(0) })], 9),
    result: [10, 20, 30],
  },
  {
    name: "map: with the index",
    plan: plan(
      [each("map", [op(0, "mul", x, variable("i"))], { index: "i", value: result(0) })],
      9,
    ),
    result: [0, 2, 6],
  },
  {
    name: "map: an empty list",
    plan: plan([each("map", [note(0, value("never"))], { value: x }, [])], 9),
    result: [],
  },
  {
    name: "map: null",
    plan: plan([each("map", [note(0, value("never"))], { value: x }, null)], 9),
    result: null,
  },
  {
    name: "map: undefined",
    plan: plan([each("map", [note(0, value("never"))], { value: x }, undefined)], 9),
    result: undefined,
  },
  {
    name: "map: a single value",
    plan: plan([each("map", [op(0, "add", x, value(1))], { value: result(0) }, 5)], 9),
    result: 6,
  },
  {
    name: "map: calls of the elements start in order",
    plan: plan([each("map", [note(0, x)], { value: x }, ["a", "b", "c"])], 9),
    result: ["a", "b", "c"],
    notes: ["a", "b", "c"],
  },
  {
    name: "map: fails with the first failed element",
    plan: plan([each("map", [call(0, "fail", x)], { value: result(0) }, ["a", "b"])], 9),
    error: { message: "a", step: 0 },
  },
  {
    name: "map: in map",
    plan: plan(
      [
        each(
          "map",
          [
            {
              map: {
                over: x,
                as: "y",
                body: [op(0, "add", variable("y"), value(1))],
                value: result(0),
                result: 1,
              },
            },
          ],
          { value: result(1) },
          [[1, 2], [3]],
        ),
      ],
      9,
    ),
    result: [[2, 3], [4]],
  },
  {
    name: "map: the result of a call",
    plan: plan(
      [
        call(0, "users"),
        {
          map: {
            over: result(0),
            as: "u",
            body: [get(1, variable("u"), "name")],
            value: result(1),
            result: 2,
          },
        },
      ],
      2,
    ),
    result: ["ann", "bob", "cid"],
  },
  {
    name: "map: a failed list",
    plan: plan(
      [
        call(0, "fail", value("no")),
        { map: { over: result(0), as: "u", body: [], value: variable("u"), result: 2 } },
      ],
      2,
    ),
    error: { message: "no" },
  },
];
