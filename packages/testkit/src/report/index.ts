import type { ScenarioResult } from "../conformance/result.ts";
import { human } from "./human.ts";
import { junit } from "./junit.ts";
import { tap } from "./tap.ts";

const FORMATS = { human, tap, junit };

/** How results are shown: for people, as TAP 14, or as JUnit XML. */
export type ReportFormat = keyof typeof FORMATS;

/** The names of the formats. */
export const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];

/** Results as text. */
export function formatReport(results: readonly ScenarioResult[], format: ReportFormat): string {
  return FORMATS[format](results);
}
