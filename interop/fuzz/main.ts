/** The program of `npm run fuzz`. CONTRIBUTING.md describes it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Finding, runCampaign } from "./campaign.ts";
import type { Step } from "./sequence.ts";
import { TARGETS } from "./targets/index.ts";
import { Trial } from "./trial.ts";

const USAGE = `npm run fuzz -- [options]
  --target session|ws|http|frames|codec   one of them; all of them without it
  --seed 1           the sequences follow from it
  --messages 1e6     messages sent to each target
  --seconds 600      seconds for each target
  --from 0           the number of the first sequence
  --limit 10         seconds of the processor after which a sequence hangs
  --heap 384         megabytes of the heap of the attacked process
  --mild             without small messages that ask for much work
  --ignore regexp    pass over findings like this
  --out fuzz-findings   the folder of findings
  --replay file      run a finding again
  --ci               all targets, 300,000 messages and two minutes at the most`;

const { values } = parseArgs({
  options: {
    target: { type: "string" },
    seed: { type: "string" },
    messages: { type: "string" },
    seconds: { type: "string" },
    from: { type: "string" },
    limit: { type: "string" },
    heap: { type: "string" },
    mild: { type: "boolean" },
    ignore: { type: "string" },
    out: { type: "string" },
    replay: { type: "string" },
    ci: { type: "boolean" },
    help: { type: "boolean" },
  },
});

/** The seconds for each target in CI, two minutes together, by the number of faults to expect. */
const CI_SECONDS: Readonly<Record<string, number>> = {
  session: 55,
  ws: 20,
  http: 20,
  frames: 5,
  codec: 10,
};

const number = (text: string | undefined, otherwise: number) =>
  text === undefined ? otherwise : Number(text);

if (values.help) console.log(USAGE);
else process.exitCode = values.replay ? await replay(values.replay) : await attack();

/** @returns the exit code */
async function attack(): Promise<number> {
  const names = values.target === undefined ? Object.keys(TARGETS) : values.target.split(",");
  const unknown = names.find((name) => !Object.hasOwn(TARGETS, name));
  if (unknown !== undefined) {
    console.error(`There is no target "${unknown}".\n${USAGE}`);
    return 2;
  }
  const seed = number(values.seed, 1);
  let found = 0;
  for (const target of names) {
    const result = await runCampaign({
      target,
      seed,
      messages: number(values.messages, values.ci ? 300_000 : 1_000_000),
      seconds: number(values.seconds, values.ci ? CI_SECONDS[target]! : 600),
      from: number(values.from, 0),
      limit: number(values.limit, 10),
      heap: number(values.heap, 384),
      minimiseFor: values.ci ? 15 : 30,
      ignore: values.ignore === undefined ? undefined : new RegExp(values.ignore),
      mild: values.mild,
      onFinding: (finding) => tell(finding),
    });
    found += result.findings.length;
    const rate = Math.round(result.messages / result.seconds);
    console.log(
      `${target}: seed ${seed}, ${result.sequences} sequences, ${result.messages} messages ` +
        `in ${result.seconds.toFixed(0)} s (${rate}/s), ${result.survived} sessions went on, ` +
        `${result.findings.length} findings`,
    );
  }
  return found === 0 ? 0 : 1;
}

/** Prints a finding, and writes the file that replays it. */
function tell(finding: Finding): void {
  const folder = values.out ?? "fuzz-findings";
  mkdirSync(folder, { recursive: true });
  const { target, seed, index, fault } = finding;
  const what = fault.kind.replace(/\W+/g, "-");
  const file = join(folder, `${target}-${seed}-${index}-${what}.json`);
  writeFileSync(file, `${JSON.stringify(finding, undefined, 1)}\n`);
  const steps = finding.steps.slice(0, 30).map((step) => `    ${show(step)}`);
  console.log(
    `FOUND ${target}: ${fault.kind}: ${fault.detail.slice(0, 1500)}\n` +
      `  ${JSON.stringify(finding.variant)}\n${steps.join("\n")}\n` +
      `  ${finding.isReproducible ? "" : "(It didn't fail again by itself.) "}` +
      `npm run fuzz -- --replay ${file}`,
  );
}

function show(step: Step): string {
  const text = "message" in step && typeof step.message === "string" ? step.message : undefined;
  return (text ?? JSON.stringify(step)).slice(0, 300);
}

/** @returns the exit code */
async function replay(file: string): Promise<number> {
  const finding = JSON.parse(readFileSync(file, "utf8")) as Finding;
  const trial = new Trial(finding.target, number(values.heap, 384), number(values.limit, 10));
  const faults = await trial.run(finding);
  trial.stop();
  for (const { kind, detail } of faults) console.log(`${kind}: ${detail}`);
  console.log(faults.length === 0 ? "It holds." : `${faults.length} faults.`);
  return faults.length === 0 ? 0 : 1;
}
