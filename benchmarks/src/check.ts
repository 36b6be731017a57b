// `pnpm bench:check`: fails if a ratio is worse than the recorded one, or if other messages are
// sent.
import { cases } from "./cases/index.ts";
import { bundleParticipant } from "./driver/bundle.ts";
import { NEWEST_NODE, nodeOf } from "./driver/node.ts";
import type { Launcher } from "./driver/peers.ts";
import { FULL, type Plan, QUICK } from "./driver/plan.ts";
import type { Result } from "./driver/results.ts";
import { run } from "./driver/run.ts";
import { parseOptions } from "./options.ts";
import { readRecord } from "./report/record.ts";
import { type Finding, findingsIn } from "./report/verdict.ts";

const options = parseOptions(process.argv.slice(2));
const nodes = options.nodes ?? [NEWEST_NODE];
const record = readRecord();
const { main: program } = await bundleParticipant();
const failures: Finding[] = [];

for (const { node: version, results } of record.runs) {
  const major = version.slice(1).split(".")[0]!;
  if (!nodes.includes(major)) continue;
  const node = nodeOf(major, false);
  console.log(`Node ${node.version}, recorded with ${version}`);
  for (const recorded of results) {
    if (recorded.kind === "growth" || !options.selects(recorded.name)) continue;
    const findings = await check(recorded, { node: node.path, program });
    console.log(`${findings.length === 0 ? "ok  " : "FAIL"} ${recorded.name}`);
    for (const { message } of findings) console.log(`     ${message}`);
    failures.push(...findings);
  }
}
console.log(failures.length === 0 ? "As good as recorded." : `${failures.length} found worse.`);
if (failures.length > 0) process.exitCode = 1;

/**
 * Measures a case quickly and, if that finds a problem, at length: a quick measurement can be
 * wrong.
 */
async function check(recorded: Result, launcher: Launcher): Promise<Finding[]> {
  const measured = cases.find(({ name }) => name === recorded.name);
  if (measured === undefined) {
    return [{ case: recorded.name, message: "There is no such case any more." }];
  }
  const look = async (plan: Plan) => findingsIn(recorded, await run(measured, launcher, plan));
  const findings = await look(QUICK);
  return findings.length === 0 ? findings : look(FULL);
}
