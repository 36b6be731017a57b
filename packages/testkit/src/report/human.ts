import { HABITS, type Habit } from "../conformance/habits.ts";
import type { ExchangeEntry } from "../conformance/inbox.ts";
import { type ScenarioResult, type Verdict, verdictOf } from "../conformance/result.ts";
import { FEATURES } from "../transcript/transcript.ts";

/** Most ids to list for a habit, and most messages of an exchange. The other formats show all. */
const LISTED = 5;
const MESSAGES = 20;
/** Most characters of a message. */
const WIDTH = 160;

/** A report for people. */
export function human(results: readonly ScenarioResult[]): string {
  return results.map(failureLines).join("") + summary(results);
}

/** The failure of a scenario with its id and its messages; an empty text if there is none. */
export function failureLines(result: ScenarioResult): string {
  const { failure, difference, exchange = [] } = result;
  if (failure === undefined) return "";
  const details = [failure, ...(difference === undefined ? [] : [difference])];
  const lines = [...details, ...exchangeLines(exchange)].map((line) => `     ${line}\n`);
  return `FAIL ${titleOf(result)}\n${lines.join("")}`;
}

function exchangeLines(exchange: readonly ExchangeEntry[]): string[] {
  const last = exchange.slice(-MESSAGES).map(({ from, text }) => {
    const cut = text.length > WIDTH ? `${text.slice(0, WIDTH)}… (${text.length} characters)` : text;
    return `${from === "kit" ? "  kit " : "  peer"} ${cut}`;
  });
  const left = exchange.length - last.length;
  return left > 0 ? [`  (${left} messages before: --format tap has them)`, ...last] : last;
}

/** The scenarios left out or not strict, the features, and the counts. */
export function summary(results: readonly ScenarioResult[]): string {
  const of = (verdict: Verdict) => results.filter((each) => verdictOf(each) === verdict);
  const known = of("known");
  const skipped = of("skipped");
  const counts = [
    [of("passed").length, "passed"],
    [of("non-strict").length, "non-strict"],
    [of("failed").length, "failed"],
    [known.length, "known to fail"],
    [skipped.length, "skipped"],
  ] as const;
  // Most runs have neither of these.
  const isShown = ([count, what]: (typeof counts)[number]) =>
    count > 0 || (what !== "non-strict" && what !== "known to fail");
  return [
    ...known.map((each) => `known ${titleOf(each)}: ${each.known}`),
    ...skippedLines(skipped),
    ...habitLines(of("non-strict")),
    ...featureLines(results),
    counts
      .filter(isShown)
      .map(([count, what]) => `${count} ${what}`)
      .join(", "),
    "",
  ].join("\n");
}

function titleOf({ id, name }: ScenarioResult): string {
  return `${name} (${id})`;
}

function skippedLines(results: readonly ScenarioResult[]): string[] {
  const reasons = new Set(results.map(({ skipped }) => skipped!));
  return [...reasons].map((reason) => {
    const ids = results.filter(({ skipped }) => skipped === reason).map(({ id }) => id);
    return `skip ${listed(ids)}: ${reason}`;
  });
}

function habitLines(results: readonly ScenarioResult[]): string[] {
  return (Object.keys(HABITS) as Habit[]).flatMap((habit) => {
    const ids = results.filter(({ habits }) => habits?.includes(habit)).map(({ id }) => id);
    return ids.length === 0 ? [] : [`non-strict ${listed(ids)}: it ${HABITS[habit]}`];
  });
}

function listed(ids: readonly string[]): string {
  const more = ids.length - LISTED;
  const rest = more > 0 ? ` and ${more} more (--format tap lists them)` : "";
  return ids.slice(0, LISTED).join(", ") + rest;
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
    const passed = `${count("passed", "non-strict")} of ${verdicts.length - skipped}`;
    return [`  ${feature.padEnd(13)} ${passed}${skipped > 0 ? `, ${skipped} skipped` : ""}`];
  });
  return lines.length > 1 ? lines : [];
}
