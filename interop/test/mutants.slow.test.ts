import {
  loadScenarios,
  type Scenario,
  type ScenarioResult,
  verdictOf,
} from "@capnweb/testkit/conformance";
import { describe, expect, test } from "vitest";
import { MUTANTS } from "../src/mutants/index.ts";
import type { Mutant } from "../src/mutants/mutant.ts";
import { runMutant } from "../src/mutants/run-mutant.ts";

const scenarios = await loadScenarios();

/** The mutants to run: with `MUTANTS=all` all of them, otherwise those that need little time. */
const chosen = MUTANTS.filter(({ isSlow }) => !isSlow || process.env["MUTANTS"] === "all");

/** Milliseconds that a mutant has for a message. The kit waits in vain for many forbidden ones. */
const IMPATIENT = 1000;
const PATIENT = 50_000;

/** The number of scenarios that are run together. */
const PART = 16;

/** The scenarios for a mutant, in parts. */
function partsOf({ only, features }: Mutant): ReadonlyMap<string, Scenario>[] {
  if (only !== undefined || features === undefined) return [scenarios];
  const chosen = [...scenarios].filter(([, each]) =>
    each.features.every((feature) => features.includes(feature)),
  );
  const parts: Map<string, Scenario>[] = [];
  for (let at = 0; at < chosen.length; at += PART) {
    parts.push(new Map(chosen.slice(at, at + PART)));
  }
  return parts;
}

const failuresOf = (results: readonly ScenarioResult[]) =>
  results.filter((each) => verdictOf(each) === "failed");

describe.each(["server", "client"] as const)("the conformance kit fails a %s that", (side) => {
  const forbidden = chosen.filter((each) => each.side === side && each.verdict === "forbidden");
  test.each(forbidden)("$title", async (mutant) => {
    const complaints: string[] = [];
    // A single complaint is enough, and most mutants get it in their first scenarios.
    for (const some of partsOf(mutant)) {
      const results = await runMutant(mutant, some, mutant.timeout ?? IMPATIENT);
      complaints.push(...failuresOf(results).map(({ failure }) => failure!));
      if (complaints.some((each) => mutant.complaint!.test(each))) return;
    }
    expect.fail(`The kit didn't notice it: ${complaints.join("\n") || "nothing failed"}`);
  });
});

describe.each(["server", "client"] as const)("the conformance kit passes a %s that", (side) => {
  const allowed = chosen.filter((each) => each.side === side && each.verdict === "allowed");
  test.each(allowed)(
    "$title",
    async (mutant: Mutant) => {
      const results = await runMutant(mutant, scenarios, PATIENT);
      expect(failuresOf(results)).toEqual([]);
      expect(results.length).toBeGreaterThan(0);
      const { habits = [] } = mutant;
      const shown = new Set(results.flatMap((each) => each.habits ?? []));
      // Our errors have words of their own in some scenarios.
      if (!habits.includes("wording")) shown.delete("wording");
      expect([...shown]).toEqual(habits);
    },
    600_000,
  );
});

test("each mutant has a title of its own, and there are many of each kind", () => {
  const titles = MUTANTS.map(({ title, side, verdict }) => `${side} ${verdict} ${title}`);
  expect(new Set(titles).size).toBe(titles.length);
  expect(MUTANTS.length).toBeGreaterThan(80);
  expect(MUTANTS.filter(({ verdict }) => verdict === "forbidden").length).toBeGreaterThan(60);
});
