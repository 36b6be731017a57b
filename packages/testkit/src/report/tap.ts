import type { ScenarioResult } from "../conformance/result.ts";

/** Version 14 of the Test Anything Protocol. */
export function tap(results: readonly ScenarioResult[]): string {
  const lines = results.flatMap(({ name, failure, skipped, duration }, i) => {
    const title = `${i + 1} - ${name.replace(/[\\#]/g, "\\$&")}`;
    if (skipped !== undefined) return [`ok ${title} # SKIP ${skipped}`];
    const ok = failure === undefined ? "ok" : "not ok";
    const details = [`  duration_ms: ${duration.toFixed(3)}`];
    if (failure !== undefined) details.unshift(`  message: ${JSON.stringify(failure)}`);
    return [`${ok} ${title}`, "  ---", ...details, "  ..."];
  });
  return `${["TAP version 14", `1..${results.length}`, ...lines].join("\n")}\n`;
}
