// `npm run bench:compare`: compares the working tree with another commit, case by case.
import { cases } from "../cases/index.ts";
import { bundleParticipant } from "../driver/bundle.ts";
import { nodeOf } from "../driver/node.ts";
import { isWorse, type LaunchedRatio } from "../statistics/launches.ts";
import { checkoutOf } from "./checkout.ts";
import { type CompareOptions, parseCompareOptions, USAGE } from "./options.ts";
import { compareTimed } from "./run-timed.ts";
import type { Subjects } from "./subjects.ts";

const options = parseCompareOptions(process.argv.slice(2));
if (options.helps) console.log(USAGE);
else if ((options.base === undefined) === (options.variant === undefined)) {
  console.error(`Give either --base, --interceptors or --observe.\n\n${USAGE}`);
  process.exitCode = 1;
} else await compare(options);

async function compare(options: CompareOptions): Promise<void> {
  const { selects, tolerance, variant, against } = options;
  const { path, version } = nodeOf(options.node, false);
  const own = await bundleParticipant();
  const base = variant ? own : await bundleParticipant(checkoutOf(options.base!));
  const subjects: Subjects = [
    { name: "base", module: base.participant, contestant: variant ? against : "ours" },
    {
      name: "new",
      module: own.participant,
      contestant: variant ?? "ours",
    },
  ];
  console.log(`Node ${version}: processor time, new / base, ± standard error\n`);
  for (const measured of cases) {
    if (measured.kind !== "timed" || !selects(measured.name)) continue;
    const ratio = await compareTimed(measured, path, own.several, subjects, options);
    console.log(lineOf(measured.name, ratio, tolerance));
    if (isWorse(ratio, tolerance)) process.exitCode = 1;
  }
}

function lineOf(name: string, ratio: LaunchedRatio, tolerance: number): string {
  const { median, error } = ratio;
  const verdict = isWorse(ratio, tolerance) ? "  WORSE" : "";
  return `${name.padEnd(42)} ${median.toFixed(3)} ± ${error.toFixed(3)}${verdict}`;
}
