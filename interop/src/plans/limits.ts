import { call, note, op, type PlanVector, plan, result, value, variable } from "./vector.ts";

const nested = (depth: number): object[] =>
  depth === 0
    ? []
    : [
        {
          if: {
            cond: value(true),
            then: nested(depth - 1),
            else: [],
            value: [value(1), value(2)],
            result: depth,
          },
        },
      ];

const over = (
  limit: string,
  most: number,
  vector: Omit<PlanVector, "name" | "limits">,
): PlanVector => ({
  name: `over ${limit}`,
  ...vector,
  limits: { [limit]: most },
  error: { code: "LIMIT" },
});
const under = (
  limit: string,
  most: number,
  vector: Omit<PlanVector, "name" | "limits">,
): PlanVector => ({
  name: `at ${limit}`,
  ...vector,
  limits: { [limit]: most },
});

const adds = (count: number) =>
  Array.from({ length: count }, (_, i) => op(i, "add", value(1), value(1)));
const eachOf = (count: number) =>
  plan(
    [
      {
        map: {
          over: value(Array.from({ length: count }, () => 1)),
          as: "x",
          body: [],
          value: variable("x"),
          result: 0,
        },
      },
      op(1, "size", result(0)),
    ],
    1,
  );

/** Plans at their limits, and over them. */
export const LIMITS: readonly PlanVector[] = [
  under("maxOperations", 3, { plan: plan(adds(3), 2), result: 2 }),
  over("maxOperations", 3, { plan: plan([note(3, value("never")), ...adds(3)], 2) }),
  under("maxIterations", 5, { plan: eachOf(5), result: 5 }),
  over("maxIterations", 5, { plan: eachOf(6) }),
  under("maxNesting", 3, { plan: plan(nested(3), 3), result: 1 }),
  over("maxNesting", 3, { plan: plan(nested(4), 4) }),
  over("maxSteps", 20, {
    plan: plan(
      [
        {
          loop: {
            over: value(Array.from({ length: 30 }, () => 1)),
            as: "x",
            body: [op(0, "add", variable("x"), value(1))],
            value: result(0),
            result: 1,
          },
        },
      ],
      1,
    ),
  }),
  over("maxPlanSize", 200, { plan: plan([call(0, "echo", value("x".repeat(300)))], 0) }),
  over("maxBytes", 10_000, {
    plan: plan(
      [
        { let: { name: "s", value: value("xxxxxxxxxx") } },
        {
          loop: {
            test: [],
            while: value(true),
            max: 12,
            body: [
              op(0, "add", variable("s"), variable("s")),
              { set: { name: "s", value: result(0) } },
            ],
            value: value(1),
            result: 1,
          },
        },
      ],
      1,
    ),
  }),
  over("maxResultBytes", 1_000, {
    plan: plan([], value(Array.from({ length: 200 }, () => "text"))),
  }),
  over("maxTime", 50, { plan: plan([call(0, "never")], 0) }),
  {
    name: "the elements of range count as steps",
    plan: plan([op(0, "range", value(5_000))], 0),
    limits: { maxSteps: 100 },
    error: { code: "LIMIT" },
  },
  {
    name: "a limit can't be caught",
    plan: plan(
      [
        {
          try: {
            body: [op(0, "range", value(5_000))],
            value: result(0),
            as: "e",
            catch: [],
            otherwise: value(1),
            result: 1,
          },
        },
      ],
      1,
    ),
    limits: { maxSteps: 100 },
    error: { code: "LIMIT" },
  },
];
