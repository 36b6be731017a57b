import { bytes, whole } from "../../src/report/format.ts";
import type { Table } from "../../src/report/table.ts";
import { type SoakOutcome, warmUpOf } from "../soak/soak.ts";
import type { Conditions, SoakFigure, SoakReport } from "./results.ts";

/** The report of a soak. */
export function soakReportOf(outcome: SoakOutcome, conditions: Conditions): SoakReport {
  const { plan, snapshots, judged, recorded, problems } = outcome;
  const counts = Object.values(recorded.kinds).map(({ latencies }) => latencies.count);
  return {
    ...conditions,
    minutes: plan.duration / 60,
    sessions: plan.sessions,
    think: plan.think,
    windows: snapshots.length,
    warmUp: warmUpOf(snapshots.length),
    operations: counts.reduce((sum, each) => sum + each, 0),
    figures: judged.map(({ name, unit, trend: { first, last, allowed, isFlat } }) => ({
      name,
      unit,
      first,
      last,
      allowed,
      isFlat,
    })),
    course: snapshots.map(({ server: { memory } }) => ({ heap: memory.heap, rss: memory.rss })),
    problems,
  };
}

/** The figures of a soak: the medians of the first and the last third, and the verdict. */
export function soakTable(figures: readonly SoakFigure[]): Table {
  return {
    columns: ["figure", "first third", "last third", "allowed growth", "flat"],
    rows: figures.map(({ name, unit, first, last, allowed, isFlat }) => {
      const format = unit === "bytes" ? bytes : whole;
      return [name, format(first), format(last), format(allowed), isFlat ? "yes" : "**no**"];
    }),
  };
}
