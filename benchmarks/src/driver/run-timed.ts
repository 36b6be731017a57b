import type { Pair, TimedCase } from "../cases/case.ts";
import { quantile, spreadOf } from "../statistics/spread.ts";
import { compare } from "./compare.ts";
import { type Launcher, Peers, shuffled } from "./peers.ts";
import type { Plan } from "./plan.ts";
import type { TimedResult } from "./results.ts";

/** Measures a case with every pair that takes part in it, in turns. */
export async function runTimed(
  measured: TimedCase,
  launcher: Launcher,
  plan: Plan,
): Promise<TimedResult> {
  const turns = new Map<Pair, Turn[]>(measured.pairs.map((pair) => [pair, []]));
  for (let launch = 0; launch < plan.launches; launch++) {
    const all = await startAll(measured, launcher);
    try {
      for (const { client } of all) await client.verify(measured.name);
      await warmUp(all, measured.name, plan.warmUp * (measured.warmUps ?? 1));
      for (let round = 0; round < plan.rounds; round++) {
        for (const peers of shuffled(all)) {
          turns.get(peers.pair)!.push(await takeTurn(peers, measured, plan.turn));
        }
      }
    } finally {
      await Promise.all(all.map((peers) => peers.stop()));
    }
  }
  const { name, about, link, unit } = measured;
  const costs = new Map([...turns].map(([pair, each]) => [pair, each.map(({ time }) => time)]));
  return {
    kind: "timed",
    name,
    about,
    link,
    unit,
    figures: Object.fromEntries(
      [...turns].map(([pair, each]) => [
        pair,
        {
          ...spreadOf(costs.get(pair)!),
          processor: quantile(
            each.map(({ processor }) => processor),
            0.5,
          ),
        },
      ]),
    ),
    comparisons: compare(costs),
  };
}

/** Milliseconds for which a pair warms up at a time. */
const WARM_UP_TURN = 100;

/**
 * Warms up all pairs in turns. A pair that was warmed up first, and then waited for all others,
 * would be cold again.
 */
async function warmUp(all: readonly Peers[], name: string, milliseconds: number): Promise<void> {
  for (let done = 0; done < milliseconds; done += WARM_UP_TURN) {
    for (const { client } of all) await client.time(name, WARM_UP_TURN);
  }
}

/** The cost of a pair's turn, in nanoseconds per unit. */
interface Turn {
  readonly time: number;
  /** The processor time of both ends together. */
  readonly processor: number;
}

async function takeTurn(peers: Peers, { name, units }: TimedCase, length: number): Promise<Turn> {
  const before = await processorTime(peers);
  const { runs, nanoseconds } = await peers.client.time(name, length);
  const after = await processorTime(peers);
  return { time: nanoseconds / runs / units, processor: (after - before) / runs / units };
}

async function processorTime({ client, server }: Peers): Promise<number> {
  return (await client.processorTime()) + ((await server?.processorTime()) ?? 0);
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
