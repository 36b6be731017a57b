import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { comparisonSection, withSection } from "../src/report/comparison-table.ts";
import { readRecord } from "../src/report/record.ts";
import { report, timed } from "./results.ts";

it("docs/comparison.md quotes the recorded figures", () => {
  const page = readFileSync(new URL("../../docs/comparison.md", import.meta.url), "utf8");
  expect(page).toContain(comparisonSection(readRecord()));
});

it("a section of figures replaces the one before, and nothing else", () => {
  const page =
    "Before.\n\n<!-- the benchmarks -->\n\nOld.\n\n<!-- end of the benchmarks -->\n\nAfter.";
  const section = comparisonSection(report(timed("one call at a time", [])));
  expect(section).toMatch(/^\| calls, one at a time \| +\*\*100,000\*\* \| +– \|/m);
  const changed = withSection(page, section);
  expect(changed).toContain(section);
  expect(changed).not.toContain("Old.");
  expect(changed).toMatch(/^Before\..*After\.$/s);
  expect(() => withSection("Nothing.", section)).toThrow(/comparison\.md/);
});

it("the fastest rates stand out, and those that may differ from them by chance", () => {
  const result = timed("one call at a time", []);
  const taking = (median: number) => ({ ...result.figures.ours!, median });
  const figures = { ...result.figures, reference: taking(10_400), birpc: taking(12_500) };
  const section = comparisonSection(report({ ...result, figures } as typeof result));
  const row = section.split("\n").find((line) => line.startsWith("| calls, one at a time"))!;
  const cells = row.split("|").map((cell) => cell.trim());
  expect(cells.slice(2, -1)).toEqual(["**100,000**", "**96,154**", "–", "–", "–", "80,000"]);
});
