// Measures plans beside round trips and `.map()`, the cost of their steps, batched functions, and
// how soon plans stop: `npm run bench:plan`. Ways to do one thing take turns, so that other load
// slows all of them.
import { loadavg } from "node:os";
import { measureLatency } from "./latency.ts";
import { measureQueries } from "./queries.ts";
import { measureSteps } from "./steps.ts";
import { measureStops } from "./stops.ts";

const load = () => loadavg()[0]!.toFixed(1);

console.log(`Node ${process.version}, load ${load()}`);
await measureLatency();
await measureSteps();
await measureQueries();
await measureStops();
console.log(`\nload ${load()} at the end`);
