import { readFileSync } from "node:fs";
import { FEATURES } from "@capnweb/testkit";
import {
  jsonReport,
  loadScenarios,
  matrixOf,
  type ScenarioResult,
} from "@capnweb/testkit/conformance";
import { expect, test } from "vitest";
import { type Contestant, OUR_TRANSPORTS, REFERENCE_RELEASES } from "../conformance/contestants.ts";
import { exampleReport } from "../conformance/example.ts";
import { formatPage } from "../conformance/page.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

// It has no types.
const { OtherRuntimes } = await import(
  new URL("../conformance/runtimes.mjs", import.meta.url).href
);
const others: Contestant[] = new OtherRuntimes("/nowhere").contestants();

/** Everything but the cells: the text, the heads of tables, and the names of rows. */
function shapeOf(page: string): string[] {
  const [beforeFailures] = page.split("\n## Failures");
  return beforeFailures!.split("\n").map((line) => {
    const cells = line.split("|").map((cell) => cell.trim());
    const isRow = line.startsWith("| ") && !line.startsWith("| --");
    if (!isRow) return line.replaceAll(/-+/g, "-");
    return cells[1] === "implementation" ? cells.join("|") : cells.slice(0, 3).join("|");
  });
}

test("the page of results has all implementations, roles, verdicts and features", () => {
  // A scenario that needs everything gives each feature its column.
  const result: ScenarioResult = {
    id: "VAL-001",
    name: "value: all",
    features: FEATURES,
    failure: undefined,
    duration: 1,
  };
  const contestants = [...OUR_TRANSPORTS, ...others, ...REFERENCE_RELEASES];
  const reports = contestants.map((each) => jsonReport([result], { ...each, kit: "of this test" }));
  const expected = shapeOf(formatPage(matrixOf(reports)));
  expect(shapeOf(read("../../docs/conformance-results.md"))).toEqual(expected);
});

test("the example of a report is that of a run", async () => {
  const withoutTimes = (page: string) => page.replaceAll(/\d+ ms/g, "0 ms").split("\n");
  const page = await exampleReport(await loadScenarios());
  expect(withoutTimes(read("../../docs/conformance-example.html"))).toEqual(withoutTimes(page));
});
