import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { machineLine } from "../driver/machine.ts";
import type { Report } from "../driver/results.ts";
import { barChart } from "./bar-chart.ts";
import { comparisonSection, withSection } from "./comparison-table.ts";
import { growthChart } from "./growth-chart.ts";
import { page } from "./page.ts";
import { RECORD } from "./record.ts";

/**
 * Writes the page, its charts (of the first run), the record that `pnpm bench:check` reads, and the
 * figures that docs/comparison.md quotes.
 */
export function writeReport(measured: Report): void {
  const record = toJson(measured);
  // The pages show the figures of the record, so that writing them again changes none.
  const report: Report = JSON.parse(record);
  const [run] = report.runs;
  if (run === undefined) throw new Error("There is nothing to report.");
  const machine = machineLine(report.machine);
  writeFileSync(RECORD, record);
  writeFileSync(docs("benchmarks.md"), page(report));
  const comparison = readFileSync(docs("comparison.md"), "utf8");
  writeFileSync(docs("comparison.md"), withSection(comparison, comparisonSection(report)));
  writeFileSync(docs("benchmarks.svg"), barChart(run, machine));
  writeFileSync(docs("benchmarks-growth.svg"), growthChart(run, machine));
}

function docs(file: string): string {
  return fileURLToPath(new URL(`../../../docs/${file}`, import.meta.url));
}

/**
 * Keeps six digits of measured figures, because more would be noise. Counts are whole, and stay
 * unchanged.
 */
function toJson(report: Report): string {
  const round = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  return `${JSON.stringify(report, round, 2)}\n`;
}
