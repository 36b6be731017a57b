import type { ScenarioResult } from "../conformance/result.ts";

/** The XML that CI servers read. */
export function junit(results: readonly ScenarioResult[], suite = "Cap'n Web conformance"): string {
  const failures = results.filter(({ failure }) => failure !== undefined).length;
  const skipped = results.filter((each) => each.skipped !== undefined).length;
  const time = results.reduce((sum, { duration }) => sum + duration, 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite name="${suite}" tests="${results.length}" failures="${failures}" skipped="${skipped}" time="${seconds(time)}">
${results.map(testCase).join("\n")}
</testsuite>
</testsuites>
`;
}

function testCase({ name, failure, skipped, duration }: ScenarioResult): string {
  const [group] = name.split(":");
  const open = `<testcase classname="${escaped(group!)}" name="${escaped(name)}" time="${seconds(duration)}"`;
  if (failure !== undefined) {
    return `${open}><failure message="${escaped(failure)}"/></testcase>`;
  }
  if (skipped !== undefined) {
    return `${open}><skipped message="${escaped(skipped)}"/></testcase>`;
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
      // What XML has no form for at all.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\u{fffd}")
  );
}
