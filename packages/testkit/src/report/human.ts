import { HABITS, type Habit } from "../conformance/habits.ts";
import { type ScenarioResult, VERDICTS, type Verdict, verdictOf } from "../conformance/result.ts";
import { FEATURES } from "../transcript/features.ts";
import { alignedRows } from "./align.ts";
import { exchangeLines, type Space } from "./columns.ts";
import { printable } from "./escape.ts";

/** Most ids to list for a habit or a reason. */
const LISTED = 5;
/** Most rows of an exchange before the end, and most recorded messages that didn't come. */
const ROWS = 20;
const MISSING = 2;
/** Most characters of a failure. The exchange shows its messages too. */
const FAILURE = 600;

/** The space of a report without a terminal. */
export const PLAIN_SPACE: Space = { width: 120, whole: "whole with --report html=FILE" };

/** A report for people. */
export function human(results: readonly ScenarioResult[], space = PLAIN_SPACE): string {
  return results.map((each) => failureLines(each, space)).join("") + summary(results, space);
}

/** The failure of a scenario with its id and its messages; an empty text if there is none. */
export function failureLines(result: ScenarioResult, space: Space): string {
  const { failure, difference, section } = result;
  if (failure === undefined) return "";
  const { length } = failure;
  const isLong = length > FAILURE;
  const details = [
    isLong ? `${failure.slice(0, FAILURE)}… ${length} characters, ${space.whole}` : failure,
    ...(difference === undefined ? [] : [difference]),
    ...(section === undefined ? [] : [`docs/protocol.md#${section}`]),
    ...messageLines(result, space),
  ];
  const lines = details.flatMap((text) => printable(text).split("\n"));
  return `FAIL ${titleOf(result)}\n${lines.map((line) => `     ${line}\n`).join("")}`;
}

function messageLines(result: ScenarioResult, space: Space): string[] {
  const rows = alignedRows(result);
  const sent = rows.filter(({ actual }) => actual !== undefined);
  const missing = rows.slice(sent.length);
  const before = sent.length - ROWS;
  const after = missing.length - MISSING;
  const shown = [...sent.slice(-ROWS), ...missing.slice(0, MISSING)];
  return [
    ...(before > 0 ? [`(${before} messages before, ${space.whole})`] : []),
    ...exchangeLines(shown, { ...space, width: space.width - 5 }),
    ...(after > 0 ? [`(${after} more that were recorded, ${space.whole})`] : []),
  ];
}

/** The scenarios left out or not strict, the features, and the counts. */
export function summary(results: readonly ScenarioResult[], space: Space): string {
  const of = (verdict: Verdict) => results.filter((each) => verdictOf(each) === verdict);
  const counts = VERDICTS.map((verdict) => [of(verdict).length, verdict] as const);
  // Every run has these, even if there are none of them.
  const isShown = ([count, verdict]: (typeof counts)[number]) =>
    count > 0 || verdict === "passed" || verdict === "failed";
  return [
    ...of("known").map((each) => `known ${titleOf(each)}: ${printable(each.known!)}`),
    ...groupLines("skip", of("skipped"), ({ skipped }) => [skipped!], space),
    ...habitLines(of("non-strict"), space),
    ...differingLines(of("informational"), space),
    ...featureLines(results),
    counts
      .filter(isShown)
      .map(([count, verdict]) => `${count} ${verdict === "known" ? "known to fail" : verdict}`)
      .join(", "),
    "",
  ].join("\n");
}

function titleOf({ id, name }: ScenarioResult): string {
  return `${id} ${name}`;
}

function habitLines(results: readonly ScenarioResult[], space: Space): string[] {
  const habits = ({ habits = [] }: ScenarioResult) =>
    habits.map((each: Habit) => `it ${HABITS[each]}`);
  return groupLines("non-strict", results, habits, space);
}

/** The informational scenarios in which the peer didn't do as recorded. */
function differingLines(results: readonly ScenarioResult[], space: Space): string[] {
  const reason = ({ informational = "" }: ScenarioResult) => {
    const differs = /^differs: .*\((.*)\)$/s.exec(informational)?.[1];
    return differs === undefined ? [] : [`differs from the recording, and may: ${differs}`];
  };
  return groupLines("informational", results, reason, space);
}

/** A line for each text, with the ids of its results. */
function groupLines(
  verdict: string,
  results: readonly ScenarioResult[],
  textsOf: (result: ScenarioResult) => readonly string[],
  space: Space,
): string[] {
  const groups = new Map<string, string[]>();
  for (const result of results) {
    for (const text of textsOf(result)) {
      groups.set(text, [...(groups.get(text) ?? []), result.id]);
    }
  }
  return [...groups].map(([text, ids]) => {
    const more = ids.length - LISTED;
    const rest = more > 0 ? ` and ${more} more (${space.whole})` : "";
    return `${verdict} ${ids.slice(0, LISTED).join(", ")}${rest}: ${text}`;
  });
}

/** The number of passed scenarios for each feature. */
function featureLines(results: readonly ScenarioResult[]): string[] {
  const lines = FEATURES.flatMap((feature) => {
    const verdicts = results
      .filter(({ features }) => features?.includes(feature))
      .map((each) => verdictOf(each));
    if (verdicts.length === 0) return [];
    const count = (...wanted: Verdict[]) => verdicts.filter((each) => wanted.includes(each)).length;
    const skipped = count("skipped");
    const judged = verdicts.length - skipped - count("informational");
    const passed = `${count("passed", "non-strict")} of ${judged}`;
    if (judged + skipped === 0) return [];
    return [`  ${feature.padEnd(16)} ${passed}${skipped > 0 ? `, ${skipped} skipped` : ""}`];
  });
  return lines.length > 1 ? lines : [];
}
