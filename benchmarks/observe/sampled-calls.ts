// Times of calls of which one in a hundred is sampled, with both ends in this process:
// `npx tsx benchmarks/observe/sampled-calls.ts [share]`.
import { trace } from "@opentelemetry/api";
import { withTraces } from "../src/contestants/observed.ts";
import { quantile } from "../src/statistics/spread.ts";

const CALLS = 120_000;
/** The calls that aren't measured, because code is compiled meanwhile. */
const WARM_UP = 60_000;

const contestant = await withTraces(Number(process.argv[2] ?? 0.01));
let spans = 0;
const tracer = trace.getTracer("@capnweb/observe");
const { startSpan } = Object.getPrototypeOf(tracer);
Object.getPrototypeOf(tracer).startSpan = function (...args: unknown[]) {
  spans++;
  return startSpan.apply(this, args);
};

const { port } = await contestant.serveWebSocket!();
const client = await contestant.connectWebSocket!(port);
const times: Record<string, number[]> = { sampled: [], "right after": [], other: [] };
let wasSampled = false;
for (let i = 0; i < CALLS; i++) {
  const before = spans;
  const start = performance.now();
  await client.echo(i);
  const time = (performance.now() - start) * 1_000;
  const isSampled = spans > before;
  const group = isSampled ? "sampled" : wasSampled ? "right after" : "other";
  if (i >= WARM_UP) times[group]!.push(time);
  wasSampled = isSampled;
}
for (const [group, list] of Object.entries(times)) {
  if (list.length > 0) console.log(`${group.padEnd(12)} ${quantile(list, 0.5).toFixed(1)} µs`);
}
process.exit();
