import type { Result } from "../driver/results.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";
import { tableOf } from "./result-table.ts";
import { asText } from "./table.ts";
import { boundOf } from "./target-table.ts";
import { outcomeOf, TARGETS } from "./targets.ts";

/** A case's figures, and their outcome for the targets, for a terminal. */
export function describe(result: Result): string {
  const outcomes = TARGETS.filter((target) => target.case === result.name).map((target) => {
    const { measured, isMet } = outcomeOf(target, [result]);
    const is = measured === undefined ? "not measured" : format.ratio(measured);
    return `  ${isMet ? "met  " : "UNMET"}  ${labelOf(target.pair)}: ${boundOf(target)}; is ${is}`;
  });
  return `${[result.name, asText(tableOf(result)), ...outcomes].join("\n")}\n`;
}
