import type { Machine } from "../driver/machine.ts";
import type { GrowthResult, Report, Result, Run } from "../driver/results.ts";
import { growthOf, LINEAR } from "../statistics/growth.ts";
import * as format from "./format.ts";
import { labelOf } from "./labels.ts";
import { tableOf } from "./result-table.ts";
import { asMarkdown } from "./table.ts";
import { targetTable } from "./target-table.ts";

/** The text of docs/benchmarks.md: the results of a run. */
export function page(report: Report): string {
  const { date, machine, plan, versions, runs } = report;
  const measured = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Benchmarks

This page compares the speed, memory and traffic of @capnweb with other libraries, for developers
who choose one. \`pnpm bench\` generates it. [Performance](performance.md) explains the method and
the words. [benchmarks.json](benchmarks.json) has the same figures for programs.

- Machine: ${machineLine(machine)}, ${machine.memory} GiB; both ends run on it, over the loopback interface
- Node: ${runs.map(({ node }) => node).join(" and ")}
- Date: ${date.slice(0, 10)}
- Measured: ${measured.join(", ")}
- For each figure: ${plan.launches * plan.rounds} turns of ${plan.turn} ms, in ${plan.launches} launch${plan.launches === 1 ? "" : "es"} of all processes

![Calls, batches, bytes and sessions per second, by implementation](benchmarks.svg)

## Targets

A ratio is the median of the ratios of all rounds. “× hand-written” is the speed
as a multiple of the hand-written program. “× the time of” is the time as a multiple of the
other's time.

${asMarkdown(targetTable(runs))}

## How cost grows

![Cost of an item, by number of items](benchmarks-growth.svg)

An exponent of 1 is linear: ten times the size costs ten times as much. The exponent is fitted over
the last two decades of size. Up to ${LINEAR} counts as linear, because caches and the garbage
collector add some cost. “As hand-written” means more, but no more than the hand-written program of
the same case.

${runs.map(growthSection).join("\n\n")}

${runs.map(runSection).join("\n\n")}
`;
}

/** A machine in a few words. */
export function machineLine({ processor, cores, system }: Machine): string {
  return `${processor}, ${cores} cores, ${system}`;
}

function growthSection({ node, results }: Run): string {
  const growth = results.filter((result) => result.kind === "growth");
  return `### Node ${node}\n\n${growth.map(sentenceOf).join("\n")}`;
}

/** The result of a growth case, in words. */
function sentenceOf({ name, about, unit, figures }: GrowthResult): string {
  const parts = Object.entries(figures).map(([pair, { points, exponent }]) => {
    const { size, cost } = points.at(-1)!;
    const growth = growthOf(exponent, figures.raw?.exponent);
    const each = format.duration(cost / size);
    return `${labelOf(pair as keyof typeof figures)} ${growth} (exponent ${format.ratio(exponent)}; ${each} per ${unit} at ${size.toLocaleString("en")})`;
  });
  return `- **${name.replace("growth: ", "")}**: ${parts.join("; ")}. ${about}`;
}

function runSection({ node, results }: Run): string {
  return [`## All figures, Node ${node}`, ...results.map(caseSection)].join("\n\n");
}

function caseSection(result: Result): string {
  return `### ${result.name}\n\n${result.about} ${linkOf(result)}\n\n${asMarkdown(tableOf(result))}`;
}

function linkOf({ link }: Result): string {
  return { WebSocket: "Over a WebSocket.", HTTP: "Over HTTP.", memory: "", none: "" }[link];
}
