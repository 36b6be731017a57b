import type { GrowthCase, Pair } from "../cases/case.ts";
import { exponentOf, type Point } from "../statistics/growth.ts";
import { quantile } from "../statistics/spread.ts";
import { type Launcher, Peers, shuffled } from "./peers.ts";
import type { Plan } from "./plan.ts";
import type { GrowthResult } from "./results.ts";

/** The size with which code warms up in turns, before the first size is measured. */
const WARM_UP_SIZE = 1000;

/** Measures each size with each pair, in turns. */
export async function runGrowth(
  measured: GrowthCase,
  launcher: Launcher,
  plan: Plan,
): Promise<GrowthResult> {
  const { name, about, link, unit } = measured;
  const sizes = measured.sizes.filter((size) => size <= plan.largest);
  const all: { peers: Peers; points: Point[] }[] = [];
  try {
    for (const pair of measured.pairs) {
      const peers = await Peers.start(launcher, measured, pair);
      all.push({ peers, points: [] });
    }
    const warmUp = plan.warmUp * (measured.warmUps ?? 1);
    for (let done = 0; done < warmUp; done += plan.turn) {
      for (const { peers } of all) await peers.client.grow(name, WARM_UP_SIZE, plan.turn);
    }
    for (const size of sizes) {
      const costs = new Map<Pair, number[]>();
      const end = performance.now() + plan.patience;
      let repetition = 0;
      while (repetition++ < plan.repetitions && (repetition === 1 || performance.now() < end)) {
        for (const { peers } of shuffled(all)) {
          const { runs, nanoseconds } = await peers.client.grow(name, size, plan.turn);
          costs.set(peers.pair, [...(costs.get(peers.pair) ?? []), nanoseconds / runs]);
        }
      }
      for (const { peers, points } of all) {
        points.push({ size, cost: quantile(withoutFirst(costs.get(peers.pair)!), 0.5) });
      }
    }
  } finally {
    await Promise.all(all.map(({ peers }) => peers.stop()));
  }
  return {
    kind: "growth",
    name,
    about,
    link,
    unit,
    figures: Object.fromEntries(
      all.map(({ peers, points }) => [peers.pair, { points, exponent: exponentOf(points) }]),
    ),
  };
}

/**
 * The costs without the first, at which the code is cold: a pair waits while others are measured,
 * and a new size may take other paths. The first stays if there was no time for two more.
 */
function withoutFirst(costs: readonly number[]): readonly number[] {
  return costs.length > 2 ? costs.slice(1) : costs;
}
