// `npm run load`: latencies and memory of a server with thousands of sessions.
import { bytes } from "../src/report/format.ts";
import { asText } from "../src/report/table.ts";
import { attempt } from "./driver/attempt.ts";
import { checkDescriptors } from "./driver/descriptors.ts";
import { measureMemory, perSession } from "./driver/memory.ts";
import { runLoad } from "./driver/run-load.ts";
import { parseLoadOptions, USAGE } from "./options.ts";
import { conditions, writeResults } from "./report/record.ts";
import { type RunReport, reportOf } from "./report/results.ts";
import { kindTable, runTable } from "./report/run-table.ts";
import { starvedNote } from "./report/starved.ts";

/** The steps of the measurement of memory, after that without sessions. */
const MEMORY_STEPS = 5;

await attempt(async () => {
  const { plans, memory, writes, renders, helps } = parseLoadOptions(process.argv.slice(2));
  if (helps) {
    console.log(USAGE);
    return;
  }
  if (renders) {
    writeResults({});
    return;
  }
  const began = conditions();
  // At once, and not after the first runs.
  checkDescriptors(Math.max(memory ?? 0, ...plans.map(({ sessions }) => sessions)));
  const runs: RunReport[] = [];
  for (const plan of plans) {
    const report = reportOf(plan, await runLoad(plan));
    runs.push(report);
    console.log(asText(runTable([report])));
    const note = starvedNote([report]);
    if (note) console.log(note);
    if (Object.keys(report.kinds).length > 0) console.log(asText(kindTable(report)));
  }
  const points = memory === undefined ? [] : await measureMemory(memory, MEMORY_STEPS);
  if (points.length > 0) {
    const [idle, active] = (["idle", "active"] as const).map((state) => perSession(points, state));
    console.log(`memory of a session: ${bytes(idle!)} idle, ${bytes(active!)} active`);
  }
  if (writes) writeResults({ load: { ...began, runs, memory: points } });
  if (runs.some(({ all }) => Object.keys(all.failures).length > 0)) process.exitCode = 1;
});
