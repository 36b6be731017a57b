import type { Pair } from "../cases/case.ts";

const LABELS: Partial<Record<Pair, string>> = {
  "ours, pull": "ours, pull-style link",
  "ours/reference": "ours → reference",
  "reference/ours": "reference → ours",
  raw: "hand-written",
};

/** The name of a pair in tables and charts: "client → server" if they differ. */
export function labelOf(pair: Pair): string {
  return LABELS[pair] ?? pair;
}
