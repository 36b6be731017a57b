import { type ScenarioResult, VERDICTS, type Verdict, verdictOf } from "../conformance/result.ts";
import type { RunInfo } from "./run-info.ts";

/** A report as JSON, which a matrix is made of. */
export interface JsonReport {
  /** The version of this format. */
  readonly report: 1;
  readonly run: RunInfo;
  /** The number of results of each verdict. */
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly results: readonly (ScenarioResult & { readonly verdict: Verdict })[];
}

/** The report of a run. */
export function jsonReport(results: readonly ScenarioResult[], run: RunInfo): JsonReport {
  const judged = results.map((each) => ({ ...each, verdict: verdictOf(each) }));
  const count = (verdict: Verdict) => judged.filter((each) => each.verdict === verdict).length;
  const counts = Object.fromEntries(VERDICTS.map((each) => [each, count(each)]));
  return { report: 1, run, counts: counts as Record<Verdict, number>, results: judged };
}

/** A report as JSON, on several lines: one for each result. */
export function json(results: readonly ScenarioResult[], run: RunInfo): string {
  const { results: judged, ...head } = jsonReport(results, run);
  const open = JSON.stringify(head).slice(0, -1);
  return `${open},"results":[\n${judged.map((each) => JSON.stringify(each)).join(",\n")}\n]}\n`;
}

/**
 * Parses a report.
 *
 * @throws SyntaxError for text that isn't a report of this version
 */
export function parseJsonReport(text: string): JsonReport {
  const report: unknown = JSON.parse(text);
  const { report: version, run, results } = (report ?? {}) as Partial<JsonReport>;
  if (version !== 1 || run === undefined || !Array.isArray(results)) {
    throw new SyntaxError("It isn't a JSON report of the conformance kit.");
  }
  return report as JsonReport;
}
