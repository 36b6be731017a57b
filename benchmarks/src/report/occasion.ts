// Marks results that were measured at another time than the rest, or with other code.
import type { Occasion, RecordedResult, Report } from "../driver/results.ts";

/** The mark of such results in tables. */
export const OTHER_OCCASION = "†";

/** The name of a case in a table, marked if its result is of another occasion than the report. */
export function nameOf(result: RecordedResult, report: Occasion): string {
  return isOfOther(result, report) ? `${result.name} ${OTHER_OCCASION}` : result.name;
}

/** True if a result is of another run than the report. */
export function isOfOther({ measured }: RecordedResult, { date, code }: Occasion): boolean {
  return measured.date !== date || measured.code !== code;
}

/** True if any result of a report is of another run. */
export function hasOthers(report: Report): boolean {
  return report.runs.some(({ results }) => results.some((each) => isOfOther(each, report)));
}

/** An occasion in words: "on 2026-11-27, with the code of 0b6691fb". */
export function occasionLine({ date, code }: Occasion): string {
  return `on ${date.slice(0, 10)}, with the code of ${code}`;
}
