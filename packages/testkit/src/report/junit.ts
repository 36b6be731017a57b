import { HABITS } from "../conformance/habits.ts";
import type { ScenarioResult } from "../conformance/result.ts";

/** A report in the XML that CI servers read. */
export function junit(results: readonly ScenarioResult[], suite = "Cap'n Web conformance"): string {
  const failures = results.filter(({ failure }) => failure !== undefined).length;
  const skipped = results.filter((each) => leftOut(each) !== undefined).length;
  const time = results.reduce((sum, { duration }) => sum + duration, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="${suite}" tests="${results.length}" failures="${failures}" skipped="${skipped}" time="${seconds(time)}">
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
  const { name, failure, duration, habits = [] } = result;
  const skipped = leftOut(result);
  const [group] = name.split(":");
  const open = `<testcase classname="${escaped(group!)}" name="${escaped(name)}" time="${seconds(duration)}"`;
  if (failure !== undefined) {
    return `${open}><failure message="${escaped(failure)}"/></testcase>`;
  }
  if (skipped !== undefined) {
    return `${open}><skipped message="${escaped(skipped)}"/></testcase>`;
  }
  if (habits.length > 0) {
    const notes = habits.map((each) => HABITS[each]).join("; ");
    return `${open}><system-out>${escaped(`non-strict: ${notes}`)}</system-out></testcase>`;
  }
  return `${open}/>`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (character) => ENTITIES[character]!)
      // Replaces characters that XML cannot express.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\u{fffd}")
  );
}
