// `pnpm bench`: measures us and others in one run.
import { cases } from "./cases/index.ts";
import { bundleParticipant } from "./driver/bundle.ts";
import { codeVersion } from "./driver/code-version.ts";
import { machineLine, thisMachine } from "./driver/machine.ts";
import { NEWEST_NODE, NODES, nodeOf } from "./driver/node.ts";
import { FULL } from "./driver/plan.ts";
import { FORMAT, type RecordedResult, type Run } from "./driver/results.ts";
import { run } from "./driver/run.ts";
import { measuredVersions } from "./driver/versions.ts";
import { parseOptions, USAGE } from "./options.ts";
import { checkConditions, readRecord, updated } from "./report/record.ts";
import { describe } from "./report/terminal.ts";
import { writeReport } from "./report/write.ts";

const options = parseOptions(process.argv.slice(2));
const selected = cases.filter(({ name }) => options.selects(name));
if (options.helps) console.log(USAGE);
else if (options.lists) for (const { name, about } of cases) console.log(`${name}: ${about}`);
else if (options.rewrites) writeReport(readRecord());
else if (selected.length === 0) {
  console.error("No case's name contains that; --list lists them.");
  process.exitCode = 1;
} else await measure();

async function measure(): Promise<void> {
  const occasion = { date: new Date().toISOString(), code: codeVersion() };
  const majors = options.nodes ?? (options.writes ? NODES : [NEWEST_NODE]);
  const nodes = majors.map((major) => nodeOf(major, options.writes));
  const isPartial = options.nodes !== undefined || selected.length < cases.length;
  // Read first, so that a missing record fails before the long measurements.
  const recorded = options.writes && isPartial ? readRecord() : undefined;
  const plan = options.plan ?? recorded?.plan ?? FULL;
  const machine = thisMachine();
  const conditions = { format: FORMAT, machine, plan, versions: measuredVersions() };
  if (recorded) {
    checkConditions(
      recorded,
      conditions,
      nodes.map(({ version }) => version),
    );
  }
  const { main: program } = await bundleParticipant();
  const runs: Run[] = [];
  const failed: string[] = [];
  for (const node of nodes) {
    console.log(`Node ${node.version}, ${machineLine(machine)}\n`);
    const results: RecordedResult[] = [];
    for (const each of selected) {
      try {
        const result = await run(each, { node: node.path, program }, plan);
        console.log(describe(result));
        results.push({ ...result, measured: occasion });
      } catch (error) {
        // The other cases are worth keeping, after up to an hour.
        console.error(`${each.name} failed:`, error, "\n");
        failed.push(`${each.name}, Node ${node.version}`);
      }
    }
    runs.push({ node: node.version, results });
  }
  if (failed.length > 0) {
    console.error(`Failed; measure them again, with --case and --write:\n${failed.join("\n")}`);
    process.exitCode = 1;
  }
  if (!options.writes) return;
  const names = cases.map(({ name }) => name);
  writeReport(
    recorded
      ? { ...recorded, runs: updated(recorded.runs, runs, names) }
      : { ...occasion, ...conditions, runs },
  );
  console.log(
    "Written: docs/benchmarks.md, .json, .svg, docs/benchmarks-growth.svg, comparison.md.",
  );
}
