import { HABITS } from "../conformance/habits.ts";
import type { ScenarioResult } from "../conformance/result.ts";

/** Version 14 of the Test Anything Protocol. A known failure is a `TODO`. */
export function tap(results: readonly ScenarioResult[]): string {
  const lines = results.flatMap((result, i) => tapLines(result, i + 1));
  return `${["TAP version 14", `1..${results.length}`, ...lines].join("\n")}\n`;
}

/** The lines of one result. @param number counted from 1 */
export function tapLines(result: ScenarioResult, number: number): string[] {
  const { id, name, failure, skipped, known, habits = [], duration } = result;
  const title = `${number} - ${name.replace(/[\\#]/g, "\\$&")}`;
  if (failure === undefined && known === undefined && skipped !== undefined) {
    return [`ok ${title} # SKIP ${skipped}`];
  }
  const details = [`  id: ${JSON.stringify(id)}`];
  const message = failure ?? known;
  if (message !== undefined) details.push(`  message: ${JSON.stringify(message)}`);
  if (habits.length > 0) {
    details.push("  non-strict:", ...habits.map((each) => `    - ${JSON.stringify(HABITS[each])}`));
  }
  details.push(`  duration_ms: ${duration.toFixed(3)}`);
  const ok = message === undefined ? "ok" : "not ok";
  const todo = failure === undefined && known !== undefined ? " # TODO known failure" : "";
  return [`${ok} ${title}${todo}`, "  ---", ...details, "  ..."];
}
