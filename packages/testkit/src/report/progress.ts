import type { ScenarioResult } from "../conformance/result.ts";
import { failureLines, summary } from "./human.ts";
import { formatReport, type ReportFormat } from "./index.ts";
import { tapHead, tapLines } from "./tap.ts";

/** The display of a report during a run. */
export interface Progress {
  /** Shows a result as soon as it is there. */
  result(result: ScenarioResult): void;
  /**
   * Ends the report.
   *
   * @param results all results, in the order of the scenarios
   */
  end(results: readonly ScenarioResult[]): void;
}

/** A stream that a report is written to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/**
 * Shows a run while it lasts.
 *
 * @param total the expected number of results
 * @param out receives the report
 * @param status receives a line that counts, if it is a terminal
 */
export function createProgress(
  format: ReportFormat,
  total: number,
  out: Output,
  status: Output,
): Progress {
  let done = 0;
  const count = (text: string) => {
    if (status.isTTY) status.write(`\r\u001b[K${text}`);
  };
  if (format === "tap") out.write(tapHead(total));
  return {
    result(result) {
      done++;
      count("");
      if (format === "tap") out.write(tapLines(result, done));
      if (format === "human") out.write(failureLines(result));
      count(`${done} of ${total}`);
    },
    end(results) {
      count("");
      if (format === "human") out.write(summary(results));
      if (format === "junit") out.write(formatReport(results, format));
    },
  };
}
