import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Comparison } from "../src/differential/compare.ts";
import { RELEASING_NOTHING, runBoth } from "../src/differential/difference.ts";
import { elsewhere } from "../src/differential/elsewhere.ts";
import { programOf, somePrograms } from "../src/differential/enumerate.ts";
import { exceptions } from "../src/differential/exceptions/index.ts";
import { randomPrograms } from "../src/differential/random.ts";
import { runSequence, sequences } from "../src/differential/sequences.ts";
import { REFERENCE } from "../src/implementation.ts";
import { longRuns, runs, seed } from "../src/runs.ts";
import { expectExplained } from "./support/explained.ts";

const page = readFileSync(new URL("../../docs/differences.md", import.meta.url), "utf8");
const words = page.replaceAll(/\s+/g, " ");

describe.each(exceptions)("docs/differences.md: $entry", (exception) => {
  test("is an entry of the page", () => {
    expect(words).toContain(exception.entry);
  });

  // Otherwise the entry is out of date.
  test.skipIf(exception.isOfPlatform)("is shown by a program", async () => {
    const difference = await runBoth(programOf(exception.example));
    expect(new Comparison([]).unexplained(difference)).not.toEqual([]);
    const comparison = new Comparison(exceptions);
    expectExplained(comparison, difference);
    expect(comparison.uses.get(exception)).toBeGreaterThan(0);
  });
});

describe("each case in the table of docs/differences.md has a test", () => {
  const cases = page
    .slice(0, page.indexOf("## Wording of errors"))
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (case |-)/.test(line))
    .map((line) => line.slice(2, line.indexOf(" | ")).trim());

  test.each(cases)("%s", (name) => {
    const isShown = exceptions.some(
      ({ entry }) => name.includes(entry) || words.includes(`${name} | ${entry}`),
    );
    const test = elsewhere.find(([entry]) => name.includes(entry));
    expect(isShown || test).toBeTruthy();
    if (test)
      expect(readFileSync(new URL(`../../${test[1]}`, import.meta.url), "utf8")).toContain(test[2]);
  });
});

describe("a program has the same outcome with @capnweb/compat as with capnweb, except for documented differences,", () => {
  const comparison = new Comparison(exceptions);

  // differential.slow.test.ts runs more of them.
  test("for any value, place and operation", { timeout: 0 }, async () => {
    for (const program of somePrograms(192, seed)) {
      expectExplained(comparison, await runBoth(program));
    }
  });

  test("for nested values, and operations in sequence", longRuns, async () => {
    await fc.assert(
      fc.asyncProperty(randomPrograms, async (program) => {
        expectExplained(comparison, await runBoth(program));
      }),
      { numRuns: runs(300), seed },
    );
  });

  test("for sequences of calls, pipelines, callbacks and disposals", longRuns, async () => {
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        const expected = await runSequence(REFERENCE, sequence);
        expect(await runSequence(RELEASING_NOTHING, sequence)).toEqual(expected);
      }),
      { numRuns: runs(200), seed },
    );
  });
});
