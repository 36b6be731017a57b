import type { ScenarioResult } from "../../conformance/result.ts";
import { junit } from "../../report/junit.ts";
import { tap } from "../../report/tap.ts";
import type { AttackResult } from "../result.ts";
import { figuresOf, resultLines, summary } from "./human.ts";

const FORMATS = {
  human: (results: readonly AttackResult[]) => results.map(resultLines).join("") + summary(results),
  tap: (results: readonly AttackResult[]) => tap(results.map(asScenario)),
  junit: (results: readonly AttackResult[]) =>
    junit(results.map(asScenario), "Cap'n Web attack suite"),
  json: (results: readonly AttackResult[]) => `${JSON.stringify(results, undefined, 2)}\n`,
};

/** The formats of attack results: text for people, TAP 14, JUnit XML, and JSON. */
export type AttackReportFormat = keyof typeof FORMATS;

/** The names of the formats. */
export const ATTACK_REPORT_FORMATS = Object.keys(FORMATS) as readonly AttackReportFormat[];

/**
 * Formats results of attacks as text.
 *
 * @example
 * ```ts
 * const results = await attackServer(["ws://127.0.0.1:8787/api"]);
 * console.log(formatAttackReport(results, "human"));
 * ```
 */
export function formatAttackReport(
  results: readonly AttackResult[],
  format: AttackReportFormat,
): string {
  return FORMATS[format](results);
}

function asScenario(result: AttackResult): ScenarioResult {
  const { id, title, verdict, reasons, duration } = result;
  const reason = reasons.join("; ");
  return {
    id,
    name: title,
    // An attack that couldn't be made mustn't look like a success.
    failure:
      verdict === "hurt" || verdict === "not run"
        ? [verdict, reason, figuresOf(result)].filter((text) => text !== "").join(": ")
        : undefined,
    skipped: verdict === "not applicable" ? reason : undefined,
    duration,
  };
}
