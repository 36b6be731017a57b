// Measures the cost of an inspector: `npm run bench:inspector [-- --node <major>]`. The server is a
// process of its own, and its processor time counts. Hosts with and without an inspector take
// turns, so that other load slows all of them. The figures are those of the quiet turns.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { bundle } from "../src/driver/bundle.ts";
import { nodeOf } from "../src/driver/node.ts";
import { quietRatio } from "../src/statistics/launches.ts";
import { quantile } from "../src/statistics/spread.ts";

const WAYS = ["plain", "recorded", "watched", "detailed"] as const;
type Way = (typeof WAYS)[number];

const VALUE = { id: 1, name: "Ada", tags: ["a", "b"] };
/** Calls by which the memory of each recorder is filled, so that each call drops an older one. */
const FILLING = 6_000;
const CALLS = 2_000;
const ROUNDS = Number(process.env["ROUNDS"] ?? 30);
/** Milliseconds in which the page gets the rest of a turn, which so counts in the turn itself. */
const REST = 250;

const { values } = parseArgs({
  options: { node: { type: "string", default: process.versions.node.split(".")[0]! } },
});
const { path, version } = nodeOf(values.node, false);
const child = await start(path);
const [ports] = (await once(child, "message")) as [Record<string, number>];
const connect = (port: number) => newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api`);
const apis = Object.fromEntries(WAYS.map((way) => [way, connect(ports[way]!)]));

/** Starts the server as a bundle, as it is for users: tools that compile when it starts slow it. */
async function start(node: string): Promise<ChildProcess> {
  const { server } = await bundle({ server: "inspector/server.ts" }, "inspector");
  // The server looks for its page in the folder that a bundle has in place of a package.
  const page = new URL("../../packages/inspector/dist/page", import.meta.url);
  cpSync(page, fileURLToPath(new URL("../dist/page", import.meta.url)), { recursive: true });
  return fork(server, { execPath: node, execArgv: [] });
}

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
  await setTimeout(REST);
  return ((await usage()) - start) / CALLS;
}

for (const api of Object.values(apis)) await oneByOne(api, FILLING);
const page = newWebSocketRpcSession<any>(`ws://127.0.0.1:${ports["watched"]}/__capnweb/socket`);
page.watch(() => {}).catch(() => {});
console.log(`Node ${version}`);
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
    const time = quantile(results[way]!, 0.2).toFixed(1);
    const ratio = quietRatio(results[way]!, results["plain"]!).toFixed(3);
    console.log(`${name}, ${way}: ${time} µs of the server, ratio ${ratio}`);
  }
}
for (const api of [page, ...Object.values(apis)]) api[Symbol.dispose]();
child.disconnect();
