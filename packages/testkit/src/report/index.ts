import type { ScenarioResult } from "../conformance/result.ts";
import { human } from "./human.ts";
import { junit } from "./junit.ts";
import { tap } from "./tap.ts";

const FORMATS = { human, tap, junit };

/** The formats of a report: text for people, TAP 14, or JUnit XML. */
export type ReportFormat = keyof typeof FORMATS;

/** The names of the formats. */
export const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];

/** Formats results as text. */
export function formatReport(results: readonly ScenarioResult[], format: ReportFormat): string {
  return FORMATS[format](results);
}
