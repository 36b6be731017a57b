// Measures the cost of an inspector: `npm run bench:inspector`. The server is a process of its own,
// and its processor time counts. Hosts with and without an inspector take turns, so that other load
// slows all of them.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";

const WAYS = ["plain", "recorded", "detailed", "watched"] as const;
type Way = (typeof WAYS)[number];

const VALUE = { id: 1, name: "Ada", tags: ["a", "b"] };
/** Calls by which the memory of each recorder is filled, so that each call drops an older one. */
const FILLING = 6_000;
const CALLS = 1_000;
const ROUNDS = Number(process.env["ROUNDS"] ?? 40);

const child = fork(fileURLToPath(new URL("server.ts", import.meta.url)));
const [ports] = (await once(child, "message")) as [Record<string, number>];
const connect = (port: number) => newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api`);
const apis = Object.fromEntries(WAYS.map((way) => [way, connect(ports[way]!)]));

async function usage(): Promise<number> {
  child.send("usage");
  const [time] = (await once(child, "message")) as [number];
  return time;
}

async function oneByOne(api: any, calls: number): Promise<void> {
  for (let i = 0; i < calls; i++) await api.echo(VALUE);
}

async function inFlight(api: any, calls: number): Promise<void> {
  for (let i = 0; i < calls; i += 100) {
    await Promise.all(Array.from({ length: 100 }, () => api.echo(VALUE)));
  }
}

async function measure(way: Way, run: (api: any, calls: number) => Promise<void>) {
  const start = await usage();
  await run(apis[way], CALLS);
  return ((await usage()) - start) / CALLS;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

for (const api of Object.values(apis)) await oneByOne(api, FILLING);
const page = newWebSocketRpcSession<any>(`ws://127.0.0.1:${ports["watched"]}/__capnweb/socket`);
page.watch(() => {}).catch(() => {});
for (const [name, run] of [
  ["one by one", oneByOne],
  ["100 in flight", inFlight],
] as const) {
  const results = Object.fromEntries(WAYS.map((way) => [way, [] as number[]]));
  for (let i = 0; i < ROUNDS; i++) {
    const order = i % 2 === 0 ? WAYS : [...WAYS].reverse();
    for (const way of order) results[way]!.push(await measure(way, run));
  }
  for (const way of WAYS) {
    const ratios = results[way]!.map((time, i) => time / results["plain"]![i]!);
    const time = median(results[way]!).toFixed(1);
    console.log(`${name}, ${way}: ${time} µs of the server, ratio ${median(ratios).toFixed(3)}`);
  }
}
for (const api of [page, ...Object.values(apis)]) api[Symbol.dispose]();
child.disconnect();
