import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ScenarioResult } from "../conformance/result.ts";
import type { Space } from "../report/columns.ts";
import { formatReport, REPORT_FORMATS, type ReportFormat } from "../report/index.ts";
import type { RunInfo } from "../report/run-info.ts";
import { UsageError } from "./usage-error.ts";

/** A report that is written to a file. */
export interface ReportFile {
  readonly format: ReportFormat;
  readonly path: string;
}

/** Formats in which every message is in full. */
const WHOLE: readonly ReportFormat[] = ["html", "json", "junit", "tap"];

/**
 * Reads the values of `--report`, such as `html=report.html`.
 *
 * @throws UsageError for an unknown format, or without a path
 */
export function reportFilesOf(values: readonly string[]): ReportFile[] {
  return values.map((value) => {
    const [name, ...rest] = value.split("=");
    const path = rest.join("=");
    const format = REPORT_FORMATS.find((each) => each === name);
    if (format === undefined || path === "") {
      throw new UsageError(
        `--report takes a format and a file, such as html=report.html, not ${value}.`,
      );
    }
    return { format, path };
  });
}

/** The space of a report for people, which says where cut messages are in full. */
export function spaceFor(files: readonly ReportFile[], columns: number | undefined): Space {
  const file = files.find(({ format }) => WHOLE.includes(format));
  const whole = file === undefined ? "whole with --report html=FILE" : `whole in ${file.path}`;
  return { width: Math.max(80, columns ?? 120), whole };
}

/** @throws UsageError for a file that can't be written */
export async function writeReports(
  files: readonly ReportFile[],
  results: readonly ScenarioResult[],
  run: RunInfo,
): Promise<void> {
  for (const { format, path } of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, formatReport(results, format, run));
    } catch (cause) {
      throw new UsageError(`Can't write ${path}: ${(cause as Error).message}`, { cause });
    }
  }
}
