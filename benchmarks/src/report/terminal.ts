import type { Result } from "../driver/results.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";
import { tableOf } from "./result-table.ts";
import { asText } from "./table.ts";
import { GOALS, type Outcome, outcomesOf, type Target } from "./targets.ts";

/** A case's figures, and what they say about the targets, for a terminal. */
export function describe(result: Result): string {
  const outcomes = GOALS.flatMap((goal) => outcomesOf(goal, [result])).filter(
    ({ measured }) => measured !== undefined,
  );
  const lines = [result.name, asText(tableOf(result)), ...outcomes.map(describeOutcome)];
  return `${lines.join("\n")}\n`;
}

function describeOutcome({ target, measured, isMet }: Outcome): string {
  return `  ${isMet ? "met   " : "UNMET "} ${labelOf(target.pair)}: ${boundOf(target)}; is ${format.ratio(measured!)}`;
}

/** A target's bound, in words: "≥ 1.50 × raw". */
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
