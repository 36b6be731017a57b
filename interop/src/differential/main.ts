/**
 * Runs generated programs with the reference and with `@capnweb/compat`, and prints those that
 * differ in a way that docs/differences.md doesn't explain:
 *
 *     npm run differences -- --every 10 --only "a target | result"
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { Comparison } from "./compare.ts";
import { runBoth } from "./difference.ts";
import { nameOf, somePrograms } from "./enumerate.ts";
import { exceptions } from "./exceptions/index.ts";
import { randomPrograms } from "./random.ts";
import type { Program } from "./run.ts";

const { values } = parseArgs({
  options: {
    /** Runs one in this number of the enumerated programs. */
    every: { type: "string", default: "1" },
    /** The number of additional random programs. */
    random: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    /** A pattern of names: "operation | kind | place | medium". */
    only: { type: "string", default: "" },
    /** Also prints differences that are explained. */
    explained: { type: "boolean", default: false },
  },
});

const seed = Number(values.seed);
const only = new RegExp(values.only.replaceAll("|", "\\|"));
const comparison = new Comparison(values.explained ? [] : exceptions);
let count = 0;
let different = 0;

async function run(program: Program): Promise<void> {
  const name = nameOf(program);
  if (!only.test(name)) return;
  count++;
  const difference = await runBoth(program);
  const parts = comparison.unexplained(difference);
  if (parts.length === 0) return;
  different++;
  console.log(`\n${name}`);
  for (const part of parts) {
    for (const side of ["reference", "ours"] as const) {
      const said = [difference[side][part]].flat();
      console.log(`  ${part}, ${side}:${said.map((each) => `\n    ${each}`).join("")}`);
    }
  }
}

for (const program of somePrograms(Number(values.every), seed)) await run(program);
const random = fc.sample(randomPrograms, { numRuns: Number(values.random), seed });
for (const program of random) await run(program);
for (const [{ entry }, uses] of comparison.uses) console.log(`${uses} ${entry}`);
console.log(`${count} programs, ${different} with differences that aren't explained`);
process.exit(different === 0 ? 0 : 1);
