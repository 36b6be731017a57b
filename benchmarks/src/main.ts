// Measures ours beside the reference in one run: interleaved rounds, medians, as ratios. Both ends run
// in this process, so the figures compare implementations; they don't say what a server can do.
import * as ours from "@capnweb/compat";
import * as reference from "capnweb";
import { WebSocket } from "ws";
import { type Case, cases, type Implementation } from "./cases.ts";
import { type Connected, inMemory, webSocket } from "./links.ts";

// The reference reads constants of the global class, which Node 20 doesn't have.
(globalThis as { WebSocket?: unknown }).WebSocket ??= WebSocket;

const ROUNDS = 15;
/** Milliseconds that a round of one case and one implementation takes. */
const ROUND_TIME = 60;

console.log(`Node ${process.version}, ${ROUNDS} rounds, microseconds an operation (median)\n`);
console.log("| link | case | ours | reference | ours : reference |");
console.log("|---|---|---|---|---|");
for (const [link, connect] of Object.entries({ "in memory": inMemory, WebSocket: webSocket })) {
  const pairs: [Implementation, Connected][] = [];
  for (const each of [ours, reference]) pairs.push([each, await connect(each, each)]);
  for (const measured of cases) {
    const times: number[][] = pairs.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, [implementation, { api }]] of pairs.entries()) {
        times[i]!.push(await time(measured, api, implementation));
      }
    }
    // The first rounds warm up.
    const [mine, its] = times.map((each) => median(each.slice(ROUNDS / 3)));
    const row = [link, measured.name, mine!.toFixed(1), its!.toFixed(1), (mine! / its!).toFixed(2)];
    console.log(`| ${row.join(" | ")} |`);
  }
  for (const [, { close }] of pairs) await close();
}

/** Microseconds an operation takes, over a round. */
async function time(measured: Case, api: any, implementation: Implementation): Promise<number> {
  const start = performance.now();
  let runs = 0;
  let elapsed = 0;
  while (elapsed < ROUND_TIME) {
    await measured.run(api, implementation);
    runs++;
    elapsed = performance.now() - start;
  }
  return (elapsed * 1000) / (runs * measured.operations);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
