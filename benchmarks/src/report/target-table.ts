import type { RecordedResult, Report, Result, Run } from "../driver/results.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";
import { nameOf } from "./occasion.ts";
import type { Table } from "./table.ts";
import { outcomeOf, TARGETS, type Target } from "./targets.ts";

/** Every target, with the outcome of each run. A missed one stands out. */
export function targetTable(report: Report): Table {
  const { runs } = report;
  const results = runs[0]?.results ?? [];
  return {
    columns: ["case", "client → server", "target", ...runs.map(({ node }) => node)],
    rows: TARGETS.map((target) => [
      caseOf(target, results, report),
      target.pair.includes("/") ? labelOf(target.pair) : `${target.pair} → ${target.pair}`,
      boundOf(target),
      ...runs.map((run) => cellOf(target, run.results)),
    ]),
  };
}

/** The number of targets that a run meets, in words: "30 of 52 on v26.12.1". */
export function targetTally({ node, results }: Run): string {
  const met = TARGETS.filter((target) => outcomeOf(target, results).isMet);
  return `${met.length} of ${TARGETS.length} on ${node}`;
}

function caseOf(target: Target, results: readonly RecordedResult[], report: Report): string {
  const result = results.find(({ name }) => name === target.case);
  return result === undefined ? target.case : nameOf(result, report);
}

function cellOf(target: Target, results: readonly Result[]): string {
  const { measured, isMet } = outcomeOf(target, results);
  if (measured === undefined) return "–";
  return isMet ? `✓ ${format.ratio(measured)}` : `**✗ ${format.ratio(measured)}**`;
}

/** A target's bound, in words: "≥ 1.50 × hand-written". */
export function boundOf({ against, by, bound }: Target): string {
  const baseline = against === undefined ? "" : labelOf(against);
  switch (by) {
    case "speed":
      return `≥ ${format.ratio(bound)} × ${baseline}`;
    case "time":
      return `≤ ${format.ratio(bound)} × the time of ${baseline}`;
    default:
      return against === undefined
        ? `≤ ${bound} ${by}`
        : `≤ ${format.ratio(bound)} × the ${by} of ${baseline}`;
  }
}
