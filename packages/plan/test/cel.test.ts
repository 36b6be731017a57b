import { RpcStub } from "@capnweb/core";
import { describe, expect, it } from "vitest";
import { OPERATORS, PlanRunner } from "../src/index.ts";
import { type CelTest, celTests } from "./support/cel.ts";

const { tests, others } = celTests(new Set(OPERATORS.keys()));
const runner = new RpcStub(new PlanRunner()) as any;

async function outcomeOf({ plan, params }: CelTest): Promise<{ value: unknown } | "failed"> {
  try {
    return { value: await runner.run(plan, params, []) };
  } catch (error) {
    expect((error as any).code).toMatch(/^PLAN_/);
    return "failed";
  }
}

/** Plans have numbers where CEL has integers for sizes, indices and parts of times. */
function isSame(actual: unknown, expected: unknown): boolean {
  if (typeof actual === "number" && typeof expected === "bigint") {
    return actual === Number(expected);
  }
  try {
    expect(actual).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}

/** The tests that fail on purpose, with the reason. */
const ON_PURPOSE: Readonly<Record<string, string>> = {
  "fields/in/empty": "the keys of maps are texts",
  "fp_math/fp_math/mod_not_support": "mod of doubles is that of JavaScript",
  "timestamps/timestamp_conversions/toString_timestamp_nanos": "dates have milliseconds",
};

describe("CEL's conformance tests", () => {
  it("pass, as far as they use the operators that plans have", async () => {
    const differences: string[] = [];
    const failed: string[] = [];
    for (const test of tests) {
      const outcome = await outcomeOf(test);
      const { expected } = test;
      const passes =
        expected === undefined || outcome === "failed"
          ? outcome === "failed" && expected === undefined
          : isSame(outcome.value, expected.value);
      if (passes) continue;
      failed.push(test.name);
      if (!(test.name in ON_PURPOSE)) differences.push(`${test.name}: ${test.expression}`);
    }
    expect(differences).toEqual([]);
    expect(failed.toSorted()).toEqual(Object.keys(ON_PURPOSE));
    // The others use types, functions and macros that plans don't have.
    expect({ borrowed: tests.length, others }).toEqual({ borrowed: 910, others: 1_434 });
  });
});
