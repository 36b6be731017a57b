import { call, get, op, type PlanVector, plan, result, value, variable } from "../vector.ts";
import { each, x } from "./each.ts";

const USERS = [
  { id: 1, name: "ann", vip: true },
  { id: 2, name: "bob", vip: false },
  { id: 3, name: "cid", vip: true },
];

/** `filter`. */
export const FILTER: readonly PlanVector[] = [
  {
    name: "filter",
    plan: plan([each("filter", [op(0, "gt", x, value(1))], { cond: result(0) })], 9),
    result: [2, 3],
  },
  {
    name: "filter: of objects, by a property",
    plan: plan(
      [
        call(0, "users"),
        {
          filter: {
            over: result(0),
            as: "u",
            body: [get(1, variable("u"), "vip")],
            cond: result(1),
            result: 2,
          },
        },
      ],
      2,
    ),
    result: [USERS[0], USERS[2]],
  },
  {
    name: "filter: with the index",
    plan: plan(
      [
        each("filter", [op(0, "eq", variable("i"), value(1))], { index: "i", cond: result(0) }, [
          "a",
          "b",
        ]),
      ],
      9,
    ),
    result: ["b"],
  },
  {
    name: "filter: no list",
    plan: plan([each("filter", [], { cond: value(true) }, 5)], 9),
    error: { code: "PLAN_NOT_LIST", step: 9 },
  },
  {
    name: "filter: null",
    plan: plan([each("filter", [], { cond: value(true) }, null)], 9),
    error: { code: "PLAN_NOT_LIST", step: 9 },
  },
  {
    name: "filter: a condition that is no boolean",
    plan: plan([each("filter", [], { cond: x })], 9),
    error: { code: "PLAN_CONDITION", step: 9 },
  },
];
