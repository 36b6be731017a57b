import type { Pair } from "../cases/case.ts";
import { ratioOf } from "../statistics/ratio.ts";
import type { Comparison } from "./results.ts";

/** The pairs that all others are compared with. */
export const BASELINES: readonly Pair[] = ["raw", "reference"];

/** The pairs that only ours is compared with. */
const RIVALS: readonly Pair[] = ["birpc", "socket.io", "tRPC", "oRPC"];

/**
 * Compares every pair with the baselines that took part, and ours with its rivals. A pair with half
 * the other's cost has a ratio of 2.
 *
 * @param costs the measured costs of each pair, round by round
 */
export function compare(costs: ReadonlyMap<Pair, readonly number[]>): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const against of [...BASELINES, ...RIVALS]) {
    const other = costs.get(against);
    if (other === undefined) continue;
    for (const [pair, own] of costs) {
      if (pair === against || !(pair === "ours" || BASELINES.includes(against))) continue;
      comparisons.push({ pair, against, ...ratioOf(other, own) });
    }
  }
  return comparisons;
}
