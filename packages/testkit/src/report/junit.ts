import { HABITS } from "../conformance/habits.ts";
import type { ScenarioResult } from "../conformance/result.ts";
import { escaped } from "./escape.ts";

/** A report in the XML that CI servers read. */
export function junit(results: readonly ScenarioResult[], suite: string): string {
  const failures = results.filter(({ failure }) => failure !== undefined).length;
  const skipped = results.filter((each) => leftOut(each) !== undefined).length;
  const time = results.reduce((sum, { duration }) => sum + duration, 0);
  const counts = `tests="${results.length}" failures="${failures}" skipped="${skipped}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="${escaped(suite)}" ${counts} time="${seconds(time)}">
${results.map(testCase).join("\n")}
</testsuite>
</testsuites>
`;
}

/**
 * The reason for counting a scenario as skipped. JUnit has no expected failures, so they count too.
 */
function leftOut({ failure, skipped, known }: ScenarioResult): string | undefined {
  if (failure !== undefined) return undefined;
  return known === undefined ? skipped : `known failure: ${known}`;
}

function testCase(result: ScenarioResult): string {
  const { id, name, failure, difference, duration, habits = [], exchange = [] } = result;
  const { informational } = result;
  const skipped = leftOut(result);
  const [group] = name.includes(":") ? name.split(":") : [id];
  const open =
    `<testcase classname="${escaped(group!)}" ` +
    `name="${escaped(`${id} ${name}`)}" time="${seconds(duration)}"`;
  if (failure !== undefined) {
    const messages = exchange.map(({ from, text }) => `${from.padEnd(4)} ${text}`);
    const details = difference === undefined ? messages : [difference, ...messages];
    const body = escaped(details.join("\n"));
    return `${open}><failure message="${escaped(failure)}">${body}</failure></testcase>`;
  }
  if (skipped !== undefined) {
    return `${open}><skipped message="${escaped(skipped)}"/></testcase>`;
  }
  if (habits.length > 0) {
    const notes = habits.map((each) => HABITS[each]).join("; ");
    return `${open}><system-out>${escaped(`non-strict: ${notes}`)}</system-out></testcase>`;
  }
  if (informational !== undefined) {
    const note = escaped(`informational: ${informational}`);
    return `${open}><system-out>${note}</system-out></testcase>`;
  }
  return `${open}/>`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6);
}
