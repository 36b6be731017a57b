import type { Result, Run } from "../driver/results.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";
import type { Table } from "./table.ts";
import { measuredOf, outcomeOf, TARGETS, type Target } from "./targets.ts";

/** Every target, with the reference's figure and the result of each run. */
export function targetTable(runs: readonly Run[]): Table {
  return {
    columns: [
      "case",
      "client → server",
      "target",
      ...runs.flatMap(({ node }) => [`reference, ${node}`, `measured, ${node}`, "met"]),
    ],
    rows: TARGETS.map((target) => [
      target.case,
      target.pair.includes("/") ? labelOf(target.pair) : `${target.pair} → ${target.pair}`,
      boundOf(target),
      ...runs.flatMap(({ results }) => cellsOf(target, results)),
    ]),
  };
}

function cellsOf(target: Target, results: readonly Result[]): string[] {
  const { measured, isMet } = outcomeOf(target, results);
  const reference = measuredOf({ ...target, pair: "reference" }, results);
  return [
    reference === undefined ? "–" : format.ratio(reference),
    measured === undefined ? "–" : `**${format.ratio(measured)}**`,
    measured === undefined ? "–" : isMet ? "yes" : "no",
  ];
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
      return `≤ ${bound} ${by}`;
  }
}
