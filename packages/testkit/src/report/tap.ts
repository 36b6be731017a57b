import { HABITS } from "../conformance/habits.ts";
import type { ScenarioResult } from "../conformance/result.ts";

/** A report in version 14 of the Test Anything Protocol. A known failure is a `TODO`. */
export function tap(results: readonly ScenarioResult[]): string {
  return tapHead(results.length) + results.map((result, i) => tapLines(result, i + 1)).join("");
}

/** The lines before the results. */
export function tapHead(count: number): string {
  return `TAP version 14\n1..${count}\n`;
}

/**
 * The lines of one result.
 *
 * @param number counted from 1
 */
export function tapLines(result: ScenarioResult, number: number): string {
  const { id, name, failure, skipped, known } = result;
  const title = `${number} - ${id} ${name.replace(/[\\#]/g, "\\$&")}`;
  if (failure === undefined && known === undefined && skipped !== undefined) {
    return `ok ${title} # SKIP ${skipped}\n`;
  }
  const ok = (failure ?? known) === undefined ? "ok" : "not ok";
  const todo = failure === undefined && known !== undefined ? " # TODO known failure" : "";
  const details = detailsOf(result).map((line) => `  ${line}\n`);
  return `${ok} ${title}${todo}\n  ---\n${details.join("")}  ...\n`;
}

function detailsOf(result: ScenarioResult): string[] {
  const { failure, known, difference, habits = [], exchange = [], duration } = result;
  const { section, informational } = result;
  const details: string[] = [];
  if (section !== undefined)
    details.push(`section: ${JSON.stringify(`docs/protocol.md#${section}`)}`);
  const message = failure ?? known;
  if (message !== undefined) details.push(`message: ${JSON.stringify(message)}`);
  if (difference !== undefined) details.push(`difference: ${JSON.stringify(difference)}`);
  if (informational !== undefined) {
    details.push(`informational: ${JSON.stringify(informational)}`);
  }
  if (message !== undefined && exchange.length > 0) {
    const messages = exchange.map(({ from, text }) => `  - ${from}: ${JSON.stringify(text)}`);
    details.push("exchange:", ...messages);
  }
  if (habits.length > 0) {
    details.push("non-strict:", ...habits.map((each) => `  - ${JSON.stringify(HABITS[each])}`));
  }
  return [...details, `duration_ms: ${duration.toFixed(3)}`];
}
