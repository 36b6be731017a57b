import type { Pair, TimedCase } from "../cases/case.ts";
import { spreadOf } from "../statistics/spread.ts";
import { compare } from "./compare.ts";
import { type Launcher, Peers } from "./peers.ts";
import type { Plan } from "./plan.ts";
import type { TimedResult } from "./results.ts";

/** Measures a case with every pair that takes part in it, in turns. */
export async function runTimed(
  measured: TimedCase,
  launcher: Launcher,
  plan: Plan,
): Promise<TimedResult> {
  const costs = new Map<Pair, number[]>(measured.pairs.map((pair) => [pair, []]));
  for (let launch = 0; launch < plan.launches; launch++) {
    const all = await startAll(measured, launcher);
    try {
      for (const { client } of all) {
        await client.verify(measured.name);
        await client.time(measured.name, plan.warmUp);
      }
      for (let round = 0; round < plan.rounds; round++) {
        // Whoever comes after one that leaves much behind isn't always the same.
        for (const peers of rotated(all, round)) {
          const { runs, nanoseconds } = await peers.client.time(measured.name, plan.turn);
          costs.get(peers.pair)!.push(nanoseconds / runs / measured.units);
        }
      }
    } finally {
      await Promise.all(all.map((peers) => peers.stop()));
    }
  }
  const { name, about, link, unit } = measured;
  return {
    kind: "timed",
    name,
    about,
    link,
    unit,
    figures: Object.fromEntries([...costs].map(([pair, each]) => [pair, spreadOf(each)])),
    comparisons: compare(costs),
  };
}

async function startAll(measured: TimedCase, launcher: Launcher): Promise<Peers[]> {
  const started = await Promise.allSettled(
    measured.pairs.map((pair) => Peers.start(launcher, measured, pair)),
  );
  const all = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = started.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    await Promise.all(all.map((peers) => peers.stop()));
    throw failed.reason;
  }
  return all;
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
