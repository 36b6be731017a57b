import { HABITS, type Habit } from "../conformance/habits.ts";
import { type ScenarioResult, type Verdict, verdictOf } from "../conformance/result.ts";

/** Ids that are listed for a habit. The other formats list all. */
const LISTED = 5;

/** What failed, was left out and wasn't strict, and how much of each there was. */
export function human(results: readonly ScenarioResult[]): string {
  const of = (verdict: Verdict) => results.filter((each) => verdictOf(each) === verdict);
  const failed = of("failed");
  const known = of("known");
  const skipped = of("skipped");
  const counts = [
    [of("passed").length, "passed"],
    [of("non-strict").length, "non-strict"],
    [failed.length, "failed"],
    [known.length, "known to fail"],
    [skipped.length, "skipped"],
  ] as const;
  // Most runs have neither.
  const isShown = ([count, what]: (typeof counts)[number]) =>
    count > 0 || (what !== "non-strict" && what !== "known to fail");
  return [
    ...failed.map((each) => `FAIL ${titleOf(each)}\n     ${each.failure}`),
    ...known.map((each) => `known ${titleOf(each)}: ${each.known}`),
    ...skipped.map((each) => `skip ${titleOf(each)}: ${each.skipped}`),
    ...habitLines(of("non-strict")),
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

function habitLines(results: readonly ScenarioResult[]): string[] {
  return (Object.keys(HABITS) as Habit[]).flatMap((habit) => {
    const ids = results.filter(({ habits }) => habits?.includes(habit)).map(({ id }) => id);
    if (ids.length === 0) return [];
    const more = ids.length - LISTED;
    const rest = more > 0 ? `, and ${more} more (--format tap lists them)` : "";
    return [`non-strict: ${HABITS[habit]}: ${ids.slice(0, LISTED).join(", ")}${rest}`];
  });
}
