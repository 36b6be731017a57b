import { machineLine } from "../driver/machine.ts";
import type { RecordedResult, Report, Result, Run } from "../driver/results.ts";
import { growthSection } from "./growth-section.ts";
import { hasOthers, isOfOther, OTHER_OCCASION, occasionLine } from "./occasion.ts";
import { mixedOverview, overview, sizeOverview } from "./overview.ts";
import { tableOf } from "./result-table.ts";
import { asMarkdown } from "./table.ts";
import { targetTable, targetTally } from "./target-table.ts";
import { LEAST_TOLERANCE } from "./verdict.ts";

/** The text of docs/benchmarks.md: who is faster where, the targets, and then all figures. */
export function page(report: Report): string {
  const { runs } = report;
  return `# Benchmarks

This page compares the speed, memory and traffic of @capnweb with other libraries, for developers
who choose one. A cell is ours as a multiple of the library: 2 means that ours is twice as fast, or
takes half the memory or bytes. **▼** marks the cases in which the library is ahead of ours, and
≈ differences of at most ${LEAST_TOLERANCE * 100} %.${otherOccasions(report)}

${runs.map((run) => overviewSection(run, report)).join("\n\n")}

## Targets

Met: ${runs.map(targetTally).join(", ")}. “× hand-written” is the speed as a multiple of the
hand-written program. “× the time of” is the time as a multiple of the other's time.

${asMarkdown(targetTable(report))}

## Speed

![Calls, batches, bytes and sessions per second, by implementation](benchmarks.svg)

${growthSection(runs)}

${conditionsSection(report)}

${runs.map((run) => runSection(run, report)).join("\n\n")}
`;
}

function overviewSection(run: Run, report: Report): string {
  const sizes = run.results.find(({ name }) => name === "growth: documents");
  const parts = [
    `## Who is faster, Node ${run.node}`,
    asMarkdown(overview(run, report)),
    `“Hand-written” is a program without a library. \`capnweb\` is the _reference_ of the tables below.
A dash means that the library doesn't have the feature, or wasn't measured with it. An order is an
object of 1.4 KB, and 400 records are a list of 26 KB. Calls travel over a WebSocket, except those of
HTTP batches. [Comparison](comparison.md#behaviour) has the bytes that each client adds to a page.`,
  ];
  if (sizes?.kind === "growth") {
    parts.push(
      `### Lists of records by size, Node ${run.node}`,
      `Each call sends a list of flat records of this number of bytes, and gets it back before the
next call.`,
      asMarkdown(sizeOverview(sizes)),
    );
  }
  parts.push(
    `### With an unmodified peer, Node ${run.node}`,
    "Client → server; each as a multiple of the speed of `capnweb` at both ends.",
    asMarkdown(mixedOverview(run, report)),
  );
  return parts.join("\n\n");
}

function otherOccasions(report: Report): string {
  if (!hasOthers(report)) return "";
  return `\n${OTHER_OCCASION} marks the cases that were measured at another time than the rest, or with other code.`;
}

function conditionsSection(report: Report): string {
  const { machine, plan, versions, runs } = report;
  const measured = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `## Conditions

\`pnpm bench\` generates this page. [Performance](performance.md) explains the method and the words.
[benchmarks.json](benchmarks.json) has the same figures for programs.

- Machine: ${machineLine(machine)}, ${machine.memory} GiB; both ends run on it, over the loopback interface
- Node: ${runs.map(({ node }) => node).join(" and ")}
- Measured: ${occasionLine(report)}
- Versions: ${measured.join(", ")}
- For each figure: ${plan.launches * plan.rounds} turns of ${plan.turn} ms, in ${plan.launches} launch${plan.launches === 1 ? "" : "es"} of all processes`;
}

function runSection({ node, results }: Run, report: Report): string {
  const sections = results.map((result) => caseSection(result, report));
  return [`## All figures, Node ${node}`, ...sections].join("\n\n");
}

function caseSection(result: RecordedResult, report: Report): string {
  const about = [result.about, linkOf(result)];
  if (isOfOther(result, report)) about.push(`Measured ${occasionLine(result.measured)}.`);
  const text = about.filter((sentence) => sentence !== "").join(" ");
  return `### ${result.name}\n\n${text}\n\n${asMarkdown(tableOf(result))}`;
}

function linkOf({ link }: Result): string {
  return { WebSocket: "Over a WebSocket.", HTTP: "Over HTTP.", memory: "", none: "" }[link];
}
