import { call, get, op, type PlanVector, plan, result, value } from "../vector.ts";
import { each, x } from "./each.ts";

const failed = call(0, "fail", value("no"));

/** Lists and objects of which a part failed. */
export const PARTS: readonly PlanVector[] = [
  {
    name: "a failed part: another item of the list",
    plan: plan(
      [failed, { array: { items: [result(0), value(1)], result: 1 } }, get(2, result(1), 1)],
      2,
    ),
    result: 1,
  },
  {
    name: "a failed part: the item itself",
    plan: plan(
      [failed, { array: { items: [result(0), value(1)], result: 1 } }, get(2, result(1), 0)],
      2,
    ),
    error: { message: "no", step: 0 },
  },
  {
    name: "a failed part: another field of the object",
    plan: plan(
      [
        failed,
        { object: { fields: { a: result(0), b: value(1) }, result: 1 } },
        get(2, result(1), "b"),
      ],
      2,
    ),
    result: 1,
  },
  {
    name: "a failed part: another element of the map",
    plan: plan(
      [
        each("map", [op(0, "mul", x, value(2))], { value: result(0) }, ["a", 2]),
        get(10, result(9), 1),
      ],
      10,
    ),
    result: 4,
  },
  {
    name: "a failed part: an operator that uses the whole",
    plan: plan(
      [failed, { array: { items: [result(0), value(1)], result: 1 } }, op(2, "size", result(1))],
      2,
    ),
    error: { message: "no", step: 0 },
  },
];
