import { note, op, type PlanVector, plan, result, value } from "../vector.ts";
import { each, x } from "./each.ts";

/** `find`, `exists` and `all`. */
export const SEARCH: readonly PlanVector[] = [
  {
    name: "find: the first",
    plan: plan([each("find", [op(0, "gt", x, value(1))], { cond: result(0) })], 9),
    result: 2,
  },
  {
    name: "find: none",
    plan: plan([each("find", [op(0, "gt", x, value(5))], { cond: result(0) })], 9),
    result: undefined,
  },
  {
    name: "find: stops early",
    plan: plan(
      [
        each("find", [note(0, x), op(1, "eq", x, value("b"))], { cond: result(1) }, [
          "a",
          "b",
          "c",
        ]),
      ],
      9,
    ),
    result: "b",
    notes: ["a", "b"],
  },
  {
    name: "find: no list",
    plan: plan([each("find", [], { cond: value(true) }, "abc")], 9),
    error: { code: "PLAN_NOT_LIST" },
  },
  {
    name: "find: a condition that is no boolean",
    plan: plan([each("find", [], { cond: value("yes") })], 9),
    error: { code: "PLAN_CONDITION" },
  },
  {
    name: "exists: true, and stops early",
    plan: plan(
      [
        each("exists", [note(0, x), op(1, "eq", x, value("b"))], { cond: result(1) }, [
          "a",
          "b",
          "c",
        ]),
      ],
      9,
    ),
    result: true,
    notes: ["a", "b"],
  },
  {
    name: "exists: false",
    plan: plan([each("exists", [], { cond: value(false) })], 9),
    result: false,
  },
  {
    name: "exists: an empty list",
    plan: plan([each("exists", [], { cond: value(true) }, [])], 9),
    result: false,
  },
  {
    name: "exists: no list",
    plan: plan([each("exists", [], { cond: value(true) }, {})], 9),
    error: { code: "PLAN_NOT_LIST" },
  },
  {
    name: "exists: a condition that is no boolean",
    plan: plan([each("exists", [], { cond: value(0) })], 9),
    error: { code: "PLAN_CONDITION" },
  },
  {
    name: "all: true",
    plan: plan([each("all", [op(0, "gt", x, value(0))], { cond: result(0) })], 9),
    result: true,
  },
  {
    name: "all: false, and stops early",
    plan: plan(
      [each("all", [note(0, x), op(1, "ne", x, value("b"))], { cond: result(1) }, ["a", "b", "c"])],
      9,
    ),
    result: false,
    notes: ["a", "b"],
  },
  {
    name: "all: an empty list",
    plan: plan([each("all", [], { cond: value(false) }, [])], 9),
    result: true,
  },
  {
    name: "all: no list",
    plan: plan([each("all", [], { cond: value(true) }, undefined)], 9),
    error: { code: "PLAN_NOT_LIST" },
  },
  {
    name: "all: a condition that is no boolean",
    plan: plan([each("all", [], { cond: value(null) })], 9),
    error: { code: "PLAN_CONDITION" },
  },
];
