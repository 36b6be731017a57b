import type { Pair, TrafficCase } from "../cases/case.ts";
import type { Traffic } from "../participant/functions.ts";
import { type Launcher, Peers } from "./peers.ts";
import type { TrafficFigure, TrafficResult } from "./results.ts";

/** Counts the traffic of each pair. */
export async function runTraffic(
  measured: TrafficCase,
  launcher: Launcher,
): Promise<TrafficResult> {
  const { name, about, link, unit, units, pairs } = measured;
  const figures: Partial<Record<Pair, TrafficFigure>> = {};
  for (const pair of pairs) {
    const count = () => countOnce(measured, launcher, pair);
    const [counted, again] = await Promise.all([count(), count()]);
    const isExact = counted.messages === again.messages && counted.bytes === again.bytes;
    figures[pair] = { ...counted, isExact };
  }
  return { kind: "traffic", name, about, link, unit, units, figures };
}

/** Counts the traffic of the second run in new processes. The first run may need more. */
async function countOnce(measured: TrafficCase, launcher: Launcher, pair: Pair): Promise<Traffic> {
  const peers = await Peers.start(launcher, measured, pair, { counting: true });
  try {
    await peers.client.countTraffic(measured.name);
    return await peers.client.countTraffic(measured.name);
  } finally {
    await peers.stop();
  }
}
