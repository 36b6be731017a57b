import { matchesPattern } from "./pattern.ts";
import type { ScenarioResult } from "./result.ts";

/**
 * Reads a list of known failures: an id or a pattern a line, as `--known` takes it. A `#` begins a
 * comment.
 */
export function parseKnown(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");
}

/**
 * The results in the light of a list of known failures: a scenario that is listed may fail. One
 * that is listed by its id and passes has failed, so that the list shrinks as the implementation
 * improves.
 */
export function withKnown(
  results: readonly ScenarioResult[],
  known: readonly string[],
): ScenarioResult[] {
  return results.map((result) => {
    const { id, failure, skipped } = result;
    if (skipped !== undefined || !known.some((pattern) => matchesPattern(id, pattern))) {
      return result;
    }
    if (failure !== undefined) return { ...result, failure: undefined, known: failure };
    if (!known.includes(id)) return result;
    return {
      ...result,
      failure: "it passes, though it is listed as a known failure: take it off the list",
    };
  });
}

/** The entries of a list that fit no result: scenarios that were renamed, or typing errors. */
export function unknownIn(known: readonly string[], ids: readonly string[]): string[] {
  return known.filter((pattern) => !ids.some((id) => matchesPattern(id, pattern)));
}
