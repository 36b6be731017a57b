import type { ScenarioResult } from "../conformance/result.ts";

/** What failed and was left out, and how much of each there was. */
export function human(results: readonly ScenarioResult[]): string {
  const failed = results.filter(({ failure }) => failure !== undefined);
  const skipped = results.filter((each) => each.skipped !== undefined);
  const passed = results.length - failed.length - skipped.length;
  return [
    ...failed.map(({ name, failure }) => `FAIL ${name}\n     ${failure}`),
    ...skipped.map((each) => `skip ${each.name}: ${each.skipped}`),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
    "",
  ].join("\n");
}
