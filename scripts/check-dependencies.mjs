// Checks the imports between files against `.dependency-cruiser.mjs`, and the picture of core's
// rooms in ARCHITECTURE.md against the imports. `--write` draws the picture again.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import config from "../.dependency-cruiser.mjs";
import { root } from "./packages.mjs";
import { ROOMS } from "./rooms.mjs";

const PAGE = join(root, "ARCHITECTURE.md");
const START = "<!-- core's rooms, drawn by scripts/check-dependencies.mjs -->";

process.chdir(root);
const { forbidden, options } = config;
const { output } = await cruise(
  ["packages"],
  { ...options, ruleSet: { forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig(join(root, options.tsConfig.fileName)) },
);

let failures = 0;
for (const { rule, from, to, cycle } of output.summary.violations) {
  if (rule.severity !== "error") continue;
  failures++;
  const way = cycle ? cycle.map(({ name }) => name).join(" -> ") : to;
  console.error(`${rule.name}: ${from} -> ${way}`);
}

const strays = output.modules
  .map(({ source }) => source)
  .filter((source) => source.startsWith("packages/core/src/") && !roomOf(source));
for (const stray of strays) {
  failures++;
  console.error(`${stray} is in none of the rooms of scripts/rooms.mjs`);
}

// Arrows that run upwards can't be drawn.
if (failures === 0) checkPicture();

console.log(
  `${output.summary.totalCruised} files, ${output.summary.totalDependenciesCruised} imports, ${failures} failures`,
);
process.exitCode = failures > 0 ? 1 : 0;

function checkPicture() {
  const page = readFileSync(PAGE, "utf8");
  const begin = page.indexOf(START) + START.length;
  const end = page.indexOf("```\n", page.indexOf("```mermaid", begin) + 3) + 4;
  const drawn = `\n\n${picture(arrows())}`;
  if (process.argv.includes("--write")) {
    writeFileSync(PAGE, page.slice(0, begin) + drawn + page.slice(end));
  } else if (page.slice(begin, end) !== drawn) {
    failures++;
    console.error(
      "ARCHITECTURE.md shows other imports than there are: node scripts/check-dependencies.mjs --write",
    );
  }
}

function roomOf(source) {
  return ROOMS.find(({ path }) => new RegExp(path).test(source))?.name;
}

/** The rooms that each room imports. */
function arrows() {
  const imported = new Map(ROOMS.map(({ name }) => [name, new Set()]));
  for (const { source, dependencies } of output.modules) {
    const from = roomOf(source);
    for (const { resolved } of from ? dependencies : []) {
      const to = roomOf(resolved);
      if (to && to !== from) imported.get(from).add(to);
    }
  }
  return imported;
}

/** The arrows that other arrows don't imply. */
function picture(imported) {
  const lines = [];
  for (const { name, is } of ROOMS) {
    lines.push(`  ${name}["${name}: ${is}"]`);
    for (const to of imported.get(name)) {
      const isImplied = [...imported.get(name)].some((other) => reaches(imported, other, to));
      if (!isImplied) lines.push(`  ${name} --> ${to}`);
    }
  }
  return `\`\`\`mermaid\nflowchart TD\n${lines.join("\n")}\n\`\`\`\n`;
}

function reaches(imported, from, to) {
  return [...imported.get(from)].some((next) => next === to || reaches(imported, next, to));
}
