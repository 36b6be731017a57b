import type { Pair, TrafficCase } from "../cases/case.ts";
import type { Traffic } from "../participant/functions.ts";
import { type Launcher, Peers } from "./peers.ts";
import type { TrafficResult } from "./results.ts";

/** Counts what each pair sends, in the second run: the first may need more. */
export async function runTraffic(
  measured: TrafficCase,
  launcher: Launcher,
): Promise<TrafficResult> {
  const { name, about, link, unit, units, pairs } = measured;
  const figures: Partial<Record<Pair, Traffic>> = {};
  for (const pair of pairs) {
    const peers = await Peers.start(launcher, measured, pair, { counting: true });
    try {
      await peers.client.countTraffic(name);
      const { messages, frames, bytes } = await peers.client.countTraffic(name);
      figures[pair] = { messages: messages / units, frames: frames / units, bytes: bytes / units };
    } finally {
      await peers.stop();
    }
  }
  return { kind: "traffic", name, about, link, unit, figures };
}
