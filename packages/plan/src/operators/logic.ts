import { Failed } from "../values/failed.ts";
import { noOverload, OperatorFailure, operator } from "./operator.ts";

/**
 * Logic as CEL has it: one argument may decide alone, whatever its place, even if others failed or
 * are no booleans.
 */
function decidedBy(decisive: boolean) {
  return operator((_meter, ...args) => {
    if (args.includes(decisive)) return decisive;
    const failed = args.find((each) => each instanceof Failed);
    if (failed instanceof Failed) return failed.whole;
    if (args.every((each) => typeof each === "boolean")) return !decisive;
    throw noOverload(...args);
  });
}

export const LOGIC = {
  and: decidedBy(false),
  or: decidedBy(true),

  not: operator((_meter, a) => {
    if (typeof a === "boolean") return !a;
    throw noOverload(a);
  }),

  cond: operator((_meter, condition, then, otherwise) => {
    if (condition instanceof Failed) return condition.whole;
    if (typeof condition === "boolean") return condition ? then : otherwise;
    throw new OperatorFailure("PLAN_CONDITION", "has a condition that isn't a boolean.");
  }),

  fail: operator((_meter, message) => {
    if (typeof message !== "string") throw noOverload(message);
    throw new OperatorFailure("PLAN_FAILED", message);
  }),
};
