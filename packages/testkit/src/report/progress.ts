import type { ScenarioResult } from "../conformance/result.ts";
import type { Space } from "./columns.ts";
import { failureLines, summary } from "./human.ts";
import { formatReport, type ReportFormat } from "./index.ts";
import type { RunInfo } from "./run-info.ts";
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

/** Settings of {@link createProgress}. */
export interface ProgressOptions {
  readonly format: ReportFormat;
  /** The expected number of results. */
  readonly total: number;
  readonly run: RunInfo;
  readonly space: Space;
  /** Receives the report. */
  readonly out: Output;
  /** Receives a line that counts: kept up to date on a terminal, else repeated now and then. */
  readonly status: Output;
}

/** Milliseconds between lines that count, outside of terminals. */
const PAUSE = 10_000;

/** Shows a run while it lasts. */
export function createProgress(options: ProgressOptions): Progress {
  const { format, total, run, space, out, status } = options;
  let done = 0;
  let failed = 0;
  let shownAt = performance.now();
  const clear = () => {
    if (status.isTTY) status.write("\r\u001b[K");
  };
  const count = (id: string) => {
    const text = `${done} of ${total}, ${failed} failed`;
    if (status.isTTY) status.write(`${text}, ${id}`);
    else if (performance.now() - shownAt > PAUSE) {
      shownAt = performance.now();
      status.write(`${text}\n`);
    }
  };
  if (format === "tap") out.write(tapHead(total));
  return {
    result(result) {
      done++;
      if (result.failure !== undefined) failed++;
      clear();
      if (format === "tap") out.write(tapLines(result, done));
      if (format === "human") out.write(failureLines(result, space));
      count(result.id);
    },
    end(results) {
      clear();
      if (format === "human") out.write(summary(results, space));
      else if (format !== "tap") out.write(formatReport(results, format, run));
    },
  };
}
