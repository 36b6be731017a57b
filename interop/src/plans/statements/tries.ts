import {
  call,
  get,
  note,
  op,
  type PlanVector,
  plan,
  result,
  type Source,
  value,
  variable,
} from "../vector.ts";
import { x } from "./each.ts";

const tries = (body: readonly object[], of: Source, otherwise: Source = variable("e")) => [
  { try: { body, value: of, as: "e", catch: [], otherwise, result: 9 } },
];

/** `try`. */
export const TRIES: readonly PlanVector[] = [
  {
    name: "try: without a failure",
    plan: plan(tries([op(0, "add", value(1), value(2))], result(0)), 9),
    result: 3,
  },
  {
    name: "try: the error of a call",
    plan: plan(tries([call(0, "fail", value("no"))], result(0)), 9),
    result: { name: "RangeError", message: "no", step: 0 },
  },
  {
    name: "try: the code of an error",
    plan: plan(
      [...tries([op(0, "index", value({}), value("a"))], result(0)), get(10, result(9), "code")],
      10,
    ),
    result: "PLAN_KEY",
  },
  {
    name: "try: a failure that the value doesn't use",
    plan: plan(tries([call(0, "fail", value("no"))], value(1)), 9),
    result: 1,
  },
  {
    name: "try: the steps of catch",
    plan: plan(
      [
        {
          try: {
            body: [call(0, "fail", value("no"))],
            value: result(0),
            as: "e",
            catch: [get(1, variable("e"), "message"), note(2, result(1))],
            otherwise: result(1),
            result: 9,
          },
        },
      ],
      9,
    ),
    result: "no",
    notes: ["no"],
  },
  {
    name: "try: catch isn't run without a failure",
    plan: plan(
      [
        {
          try: {
            body: [],
            value: value(1),
            as: "e",
            catch: [note(0, value("never"))],
            otherwise: value(2),
            result: 9,
          },
        },
      ],
      9,
    ),
    result: 1,
  },
  {
    name: "try: a failure in catch",
    plan: plan(
      [
        {
          try: {
            body: [op(0, "fail", value("a"))],
            value: result(0),
            as: "e",
            catch: [op(1, "fail", value("b"))],
            otherwise: result(1),
            result: 9,
          },
        },
      ],
      9,
    ),
    error: { code: "PLAN_FAILED", message: "b", step: 1 },
  },
  {
    name: "try: a failure from a surrounding block",
    plan: plan([call(0, "fail", value("no")), ...tries([], result(0), value("caught"))], 9),
    result: "caught",
  },
  {
    name: "try: in map",
    plan: plan(
      [
        {
          map: {
            over: value([1, "a", 3]),
            as: "x",
            body: [
              {
                try: {
                  body: [op(0, "mul", x, value(2))],
                  value: result(0),
                  as: "e",
                  catch: [],
                  otherwise: value(null),
                  result: 1,
                },
              },
            ],
            value: result(1),
            result: 2,
          },
        },
      ],
      2,
    ),
    result: [2, null, 6],
  },
];
