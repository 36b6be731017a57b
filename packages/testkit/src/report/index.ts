import type { ScenarioResult } from "../conformance/result.ts";
import { html } from "./html.ts";
import { human } from "./human.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { type RunInfo, UNNAMED_RUN } from "./run-info.ts";
import { tap } from "./tap.ts";

const FORMATS = {
  human: (results: readonly ScenarioResult[]) => human(results),
  tap,
  junit: (results: readonly ScenarioResult[], run: RunInfo) =>
    junit(results, `Cap'n Web conformance of ${run.implementation}`),
  json,
  html,
};

/** The formats of a report: text for people, TAP 14, JUnit XML, JSON, or a page of HTML. */
export type ReportFormat = keyof typeof FORMATS;

/** The names of the formats. */
export const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];

/**
 * Formats results as text.
 *
 * @param run the facts about the run that the report states
 */
export function formatReport(
  results: readonly ScenarioResult[],
  format: ReportFormat,
  run: RunInfo = UNNAMED_RUN,
): string {
  return FORMATS[format](results, run);
}
