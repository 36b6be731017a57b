import type { Verdict } from "../conformance/result.ts";

/** A mark for each verdict, so that pages don't tell verdicts by colour alone. */
export const MARKS: Readonly<Record<Verdict, string>> = {
  passed: "✓",
  "non-strict": "✓*",
  informational: "i",
  failed: "✗",
  known: "(✗)",
  skipped: "–",
};
