// `pnpm bench`: measures us beside others, in one run.
import { cases } from "./cases/index.ts";
import { bundleParticipant } from "./driver/bundle.ts";
import { thisMachine } from "./driver/machine.ts";
import { nodeOf } from "./driver/node.ts";
import { FULL, QUICK } from "./driver/plan.ts";
import type { Result, Run } from "./driver/results.ts";
import { run } from "./driver/run.ts";
import { parseOptions, USAGE } from "./options.ts";
import { describe } from "./report/terminal.ts";

const options = parseOptions(process.argv.slice(2));
const selected = cases.filter(
  ({ name }) => options.cases.length === 0 || options.cases.some((text) => name.includes(text)),
);
if (options.helps) console.log(USAGE);
else if (options.lists) for (const { name, about } of cases) console.log(`${name}: ${about}`);
else if (selected.length === 0) {
  console.error("No case's name contains that; --list lists them.");
  process.exitCode = 1;
} else await measure();

async function measure(): Promise<void> {
  const program = await bundleParticipant();
  const plan = options.isQuick ? QUICK : FULL;
  const runs: Run[] = [];
  for (const major of options.nodes) {
    const node = nodeOf(major, options.writes);
    console.log(`Node ${node.version}, ${Object.values(thisMachine()).join(", ")}\n`);
    const results: Result[] = [];
    for (const each of selected) {
      const result = await run(each, { node: node.path, program }, plan);
      console.log(describe(result));
      results.push(result);
    }
    runs.push({ node: node.version, results });
  }
}
