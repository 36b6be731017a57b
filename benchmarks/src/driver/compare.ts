import type { Pair } from "../cases/case.ts";
import { ratioOf } from "../statistics/ratio.ts";
import type { Comparison } from "./results.ts";

/** The pairs that others are compared with. */
const BASELINES: readonly Pair[] = ["raw", "reference"];

/**
 * Compares every pair with the baselines that took part. A pair with half the baseline's cost has a
 * ratio of 2.
 *
 * @param costs the measured costs of each pair, round by round
 */
export function compare(costs: ReadonlyMap<Pair, readonly number[]>): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const against of BASELINES) {
    const baseline = costs.get(against);
    if (baseline === undefined) continue;
    for (const [pair, own] of costs) {
      if (pair === against) continue;
      comparisons.push({ pair, against, ...ratioOf(baseline, own) });
    }
  }
  return comparisons;
}
