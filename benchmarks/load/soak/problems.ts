import { bytes, count, whole } from "../../src/report/format.ts";
import type { Recorded } from "../models/recorder.ts";
import type { Judged } from "./series.ts";

/** The problems of a soak, in words: figures that grew, and failures. */
export function problemsOf(judged: readonly Judged[], { kinds }: Recorded): string[] {
  const failures = Object.entries(kinds).flatMap(([kind, each]) =>
    Object.entries(each.failures).map(
      ([code, times]) => `${kind} failed with ${code}, ${count(times)} times`,
    ),
  );
  return [...judged.filter(({ trend }) => !trend.isFlat).map(growthOf), ...failures];
}

function growthOf({ name, unit, trend }: Judged): string {
  const format = unit === "bytes" ? bytes : whole;
  const { first, last, allowed } = trend;
  return (
    `${name} grew from ${format(first)} to ${format(last)}, ` +
    `by more than the allowed ${format(allowed)}`
  );
}
