import { call, note, op, type PlanVector, param, plan, result, value } from "../vector.ts";

const both = (cond: unknown) => [
  {
    if: {
      cond: value(cond),
      then: [note(0, value("then"))],
      else: [note(1, value("else"))],
      value: [value("T"), value("E")],
      result: 2,
    },
  },
];

/** `if`. */
export const CHOICES: readonly PlanVector[] = [
  { name: "if: true", plan: plan(both(true), 2), result: "T", notes: ["then"] },
  { name: "if: false", plan: plan(both(false), 2), result: "E", notes: ["else"] },
  {
    name: "if: a condition that is no boolean",
    plan: plan(both(1), 2),
    error: { code: "PLAN_CONDITION", step: 2 },
  },
  {
    name: "if: a condition that is null",
    plan: plan(both(null), 2),
    error: { code: "PLAN_CONDITION", step: 2 },
  },
  {
    name: "if: a failed condition",
    plan: plan(
      [
        call(0, "fail", value("no")),
        { if: { cond: result(0), then: [], else: [], value: [value(1), value(2)], result: 1 } },
      ],
      1,
    ),
    error: { message: "no", step: 0 },
  },
  {
    name: "if: in if",
    plan: plan(
      [
        {
          if: {
            cond: value(true),
            then: [
              {
                if: {
                  cond: value(false),
                  then: [],
                  else: [op(0, "add", param(), value(1))],
                  value: [value(0), result(0)],
                  result: 1,
                },
              },
            ],
            else: [],
            value: [result(1), value(0)],
            result: 2,
          },
        },
      ],
      2,
    ),
    params: 5,
    result: 6,
  },
  {
    name: "if: uses results around it",
    plan: plan(
      [
        call(0, "echo", value(3)),
        {
          if: {
            cond: value(true),
            then: [op(1, "mul", result(0), value(2))],
            else: [],
            value: [result(1), result(0)],
            result: 2,
          },
        },
      ],
      2,
    ),
    result: 6,
  },
];
