import type { HeapCase, Pair } from "../cases/case.ts";
import { quantile, spreadOf } from "../statistics/spread.ts";
import { compare } from "./compare.ts";
import { type Launcher, Peers } from "./peers.ts";
import type { Plan } from "./plan.ts";
import type { HeapResult } from "./results.ts";

/**
 * The number of objects held and released first, so that code and tables exist before memory is
 * measured.
 */
const WARM_UP = 50;

/** Measures the memory that each pair holds, in new processes each time. */
export async function runHeap(
  measured: HeapCase,
  launcher: Launcher,
  plan: Plan,
): Promise<HeapResult> {
  const ends = new Map<Pair, Ends[]>(measured.pairs.map((pair) => [pair, []]));
  for (let launch = 0; launch < plan.launches; launch++) {
    for (const [pair, each] of ends) each.push(await bytesPerUnit(measured, launcher, pair));
  }
  const { name, about, link, unit } = measured;
  const costs = new Map([...ends].map(([pair, each]) => [pair, each.map(sum)]));
  return {
    kind: "heap",
    name,
    about,
    link,
    unit,
    figures: Object.fromEntries(
      [...ends].map(([pair, each]) => [
        pair,
        {
          ...spreadOf(each.map(sum)),
          client: quantile(
            each.map(({ client }) => client),
            0.5,
          ),
          server: quantile(
            each.map(({ server }) => server),
            0.5,
          ),
        },
      ]),
    ),
    comparisons: compare(costs),
  };
}

/** The bytes at each end. */
interface Ends {
  readonly client: number;
  readonly server: number;
}

function sum({ client, server }: Ends): number {
  return client + server;
}

async function bytesPerUnit(measured: HeapCase, launcher: Launcher, pair: Pair): Promise<Ends> {
  const { name, count } = measured;
  const peers = await Peers.start(launcher, measured, pair);
  try {
    const { client } = peers;
    await client.prepare(name, count);
    await client.hold(name, WARM_UP);
    await client.release();
    const before = await inUse(peers);
    await client.hold(name, count);
    const after = await inUse(peers);
    return {
      client: (after.client - before.client) / count,
      server: (after.server - before.server) / count,
    };
  } finally {
    await peers.stop();
  }
}

async function inUse({ client, server }: Peers): Promise<Ends> {
  return { client: await client.memory(), server: (await server?.memory()) ?? 0 };
}
