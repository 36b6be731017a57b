import { fitsScenario, namesScenario } from "./pattern.ts";
import type { ScenarioResult } from "./result.ts";

/**
 * Parses a list of known failures: one id or pattern per line, as `--known` takes it. A `#` begins
 * a comment.
 *
 * @example
 * ```ts
 * const known = parseKnown(await readFile("known-failures.txt", "utf8"));
 * ```
 */
export function parseKnown(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");
}

/**
 * Applies a list of known failures to results. A listed scenario may fail. One that is listed by
 * its id must fail, so that the list shrinks as the implementation improves.
 *
 * @param results the results of a run; they stay unchanged
 * @param known ids, or patterns in which `*` stands for any text
 * @returns the results in the same order
 *
 * @example
 * ```ts
 * const results = withKnown(await testServer(url, transcripts), ["streams-*"]);
 * ```
 */
export function withKnown(
  results: readonly ScenarioResult[],
  known: readonly string[],
): ScenarioResult[] {
  return results.map((result) => {
    const { failure, skipped, informational } = result;
    const isOutside = skipped !== undefined || informational !== undefined;
    if (isOutside || !known.some((pattern) => fitsScenario(result, pattern))) return result;
    if (failure !== undefined) return { ...result, failure: undefined, known: failure };
    if (!known.some((entry) => namesScenario(result, entry))) return result;
    return {
      ...result,
      failure: "it passes, though it is listed as a known failure: take it off the list",
    };
  });
}

/** The entries of a list that fit no scenario: typing errors. */
export function unknownIn(
  known: readonly string[],
  scenarios: readonly Pick<ScenarioResult, "id" | "name">[],
): string[] {
  return known.filter((pattern) => !scenarios.some((each) => fitsScenario(each, pattern)));
}
