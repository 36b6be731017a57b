// Measures the cost of an inspector: `npm run bench:inspector [-- --node <major>]`. The server is a
// process of its own, and its processor time counts, also as a share of the time that both ends
// take for a call. Hosts with and without an inspector take turns, so that other load slows all of
// them. The figures are those of the quiet turns.
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

/** Makes calls, and resolves to their number. */
type Run = (api: any) => Promise<number>;

interface Case {
  readonly run: Run;
  /** Makes at least so many calls that the recorder is full of their like. */
  readonly fill: Run;
  /** True if the time in which the page gets the rest of a turn counts. */
  readonly countsRest: boolean;
}

const VALUE = { id: 1, name: "Ada", tags: ["a", "b"] };
const ROUNDS = Number(process.env["ROUNDS"] ?? 30);
/** Milliseconds without a batch after which the page has everything. */
const REST = 250;

const CASES: Readonly<Record<string, Case>> = {
  "one by one": { run: oneByOne(2_000), fill: oneByOne(55_000), countsRest: true },
  "100 in flight, in bursts": { run: inFlight(2_000), fill: inFlight(250_000), countsRest: true },
  "100 in flight, without end": { run: saturate(3_000), fill: saturate(3_000), countsRest: false },
};

const { values } = parseArgs({
  options: {
    node: { type: "string", default: process.versions.node.split(".")[0]! },
    case: { type: "string", default: "" },
    ways: { type: "string", default: WAYS.join() },
  },
});
const ways = WAYS.filter((way) => values.ways.split(",").includes(way));
const { path, version } = nodeOf(values.node, false);
const child = await start(path);
const [ports] = (await once(child, "message")) as [Record<string, number>];
const connect = (port: number) => newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api`);
const apis = Object.fromEntries(WAYS.map((way) => [way, connect(ports[way]!)]));
const page = newWebSocketRpcSession<any>(`ws://127.0.0.1:${ports["watched"]}/__capnweb/socket`);
let lastBatch = 0;
let batches = 0;
let skipped = 0;

/** Starts the server as a bundle, as it is for users: tools that compile when it starts slow it. */
async function start(node: string): Promise<ChildProcess> {
  const { server } = await bundle({ server: "inspector/server.ts" }, "inspector");
  // The server looks for its page in the folder that a bundle has in place of a package.
  const page = new URL("../../packages/inspector/dist/page", import.meta.url);
  cpSync(page, fileURLToPath(new URL("../dist/page", import.meta.url)), { recursive: true });
  const execArgv = process.env["EXEC_ARGV"]?.split(" ") ?? [];
  return fork(server, { execPath: node, execArgv });
}

async function usage(): Promise<number> {
  child.send("usage");
  const [time] = (await once(child, "message")) as [number];
  return time;
}

function oneByOne(calls: number): Run {
  return async (api) => {
    for (let i = 0; i < calls; i++) await api.echo(VALUE);
    return calls;
  };
}

function inFlight(calls: number): Run {
  return async (api) => {
    for (let i = 0; i < calls; i += 100) await hundred(api);
    return calls;
  };
}

/** Makes calls for some milliseconds, a hundred at a time. */
function saturate(milliseconds: number): Run {
  return async (api) => {
    const end = performance.now() + milliseconds;
    let calls = 0;
    for (; performance.now() < end; calls += 100) await hundred(api);
    return calls;
  };
}

async function hundred(api: any): Promise<void> {
  await Promise.all(Array.from({ length: 100 }, () => api.echo(VALUE)));
}

/** Waits until the page has everything, which takes no time of the next turn so. */
async function rest(): Promise<void> {
  const start = performance.now();
  do await setTimeout(REST);
  while (performance.now() - Math.max(lastBatch, start) < REST);
}

/** The processor time of this process, in microseconds. */
function ownUsage(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The processor times of a turn, in microseconds per call. */
interface Turn {
  readonly server: number;
  /** Contains the work of the page, if there is one, which is in this process. */
  readonly client: number;
}

async function measure(way: Way, { run, countsRest }: Case): Promise<Turn> {
  const start = await usage();
  const ownStart = ownUsage();
  const calls = await run(apis[way]);
  const client = (ownUsage() - ownStart) / calls;
  if (countsRest) await rest();
  const time = (await usage()) - start;
  if (!countsRest) await rest();
  return { server: time / calls, client };
}

function takeBatch(batch: { skipped?: number }): void {
  lastBatch = performance.now();
  batches++;
  skipped += batch.skipped ?? 0;
}

page.watch(takeBatch).catch(() => {});
console.log(`Node ${version}`);
for (const [name, measured] of Object.entries(CASES)) {
  if (!name.includes(values.case)) continue;
  for (const way of ways) await measured.fill(apis[way]);
  await rest();
  batches = skipped = 0;
  const results = Object.fromEntries(ways.map((way) => [way, [] as Turn[]]));
  for (let i = 0; i < ROUNDS; i++) {
    const order = i % 2 === 0 ? ways : [...ways].reverse();
    for (const way of order) results[way]!.push(await measure(way, measured));
  }
  const servers = (way: Way) => results[way]!.map(({ server }) => server);
  const client = quantile(
    results["plain"]!.map((turn) => turn.client),
    0.2,
  );
  for (const way of ways) {
    const time = quantile(servers(way), 0.2).toFixed(2);
    const ratio = quietRatio(servers(way), servers("plain"));
    const plain = quantile(servers("plain"), 0.2);
    const ofCall = (plain * ratio + client) / (plain + client);
    console.log(
      `${name}, ${way}: ${time} µs of the server, ratio ${ratio.toFixed(3)}; ` +
        `with the ${client.toFixed(2)} µs of the client, ratio ${ofCall.toFixed(3)}`,
    );
  }
  console.log(`${name}: the page got ${batches} batches, and ${skipped} entries were skipped`);
}
for (const api of [page, ...Object.values(apis)]) api[Symbol.dispose]();
child.disconnect();
