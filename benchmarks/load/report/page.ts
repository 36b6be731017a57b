import { machineLine } from "../../src/driver/machine.ts";
import { asMarkdown } from "../../src/report/table.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../scenarios/scenarios.ts";
import { capacitySection } from "./capacity.ts";
import type { Conditions, LoadRecord, LoadReport, RunReport, SoakReport } from "./results.ts";
import { kindTable, modelTable, runTable } from "./run-table.ts";
import { soakTable } from "./soak-table.ts";
import { starvedNote } from "./starved.ts";

/** The text of docs/load.md. */
export function page({ load, soak }: LoadRecord): string {
  const sections = [
    INTRODUCTION,
    ...(load ? [latencySection(load), capacitySection(load)] : []),
    ...(soak ? [soakSection(soak)] : []),
    METHOD,
  ];
  return `${sections.join("\n\n")}\n`;
}

const INTRODUCTION = `# Load and soak

This page shows operators the latencies and the memory of a server with thousands of sessions, how
to plan its capacity, and how a soak finds leaks. The figures come from these commands:

\`\`\`sh
npm run load -- --write                  # every scenario, into this page; three minutes
npm run soak -- --minutes 30 --write     # half an hour of a mix of operations, into this page
npm run load -- --scenario calls --sessions 5000 --model open --rate 2000 --seconds 30
npm run soak -- --minutes 2 --leak tables
\`\`\`

\`npm run load -- --help\` and \`npm run soak -- --help\` list all options. Without \`--write\`, the
results go to the terminal. The last command has a leak on purpose, which it finds.

![Latencies by percentile, memory by sessions, and the memory of a soak](load.svg)`;

function latencySection(load: LoadReport): string {
  const { runs } = load;
  const starved = starvedNote(runs);
  const open = runs.filter(({ plan }) => plan.model.model === "open");
  const [{ plan }] = open as [RunReport];
  const scenarios = SCENARIO_NAMES.map((name) => `- **${name}:** ${SCENARIOS[name].about}`);
  const mix = open.find((run) => run.plan.scenario === "mix");
  const closed = runs.find((run) => run.plan.model.model === "closed");
  const sameOpen = open.find((run) => run.plan.scenario === closed?.plan.scenario);
  return [
    `## Latencies

Each scenario ran for ${plan.seconds} s on ${many(plan.sessions)} sessions, in the open model: operations start at random
times, whatever the server does. ${conditionsOf(load)}

${scenarios.join("\n")}

${asMarkdown(runTable(runs))}

“Per second” counts the operations of all sessions together. A latency reaches from the intended
start of an operation to its end. 99.9 % of the operations took at most “p99.9”. A dash stands for a
percentile beyond which there is less than one operation. The processor is a share of one core.`,
    ...(starved ? [wrapped(`**Note:** ${starved}`)] : []),
    ...(mix ? [`The operations of the mix:\n\n${asMarkdown(kindTable(mix))}`] : []),
    ...(closed && sameOpen ? [modelSection(sameOpen, closed)] : []),
  ].join("\n\n");
}

/** Breaks the lines of a paragraph. */
function wrapped(text: string): string {
  return text.replace(/(.{1,100})(?: |$)/g, "$1\n").trimEnd();
}

function modelSection(open: RunReport, closed: RunReport): string {
  return `### Open and closed

In the closed model, each session has a user, who awaits an answer before the next call. A slow
server then gets fewer calls, and the calls that it prevented have no latency (_coordinated
omission_). The corrected figures add these calls. The open model never omits them.

${asMarkdown(modelTable(open, closed))}`;
}

function soakSection(soak: SoakReport): string {
  const { minutes, sessions, think, windows, warmUp, operations, figures, problems } = soak;
  const verdict =
    problems.length === 0
      ? "Every figure was flat, and no operation failed."
      : `Problems: ${problems.join("; ")}.`;
  return `## Soak

${many(sessions)} sessions each started an operation of the mix, awaited its end, and paused for ${many(think)} ms on
average, for ${minutes} minutes: ${many(operations)} operations. ${conditionsOf(soak)} ${verdict}

After each of the ${windows} windows, the load pauses until the tables no longer change. Then both processes
collect garbage, and take a snapshot. The first ${warmUp} windows are the warm-up, in which code is compiled and
buffers reach their size. A figure grows if both of these exceed the allowed growth:

- the difference between the medians of the last and the first third of its windows
- the slope of its windows (the median of the slopes between all pairs), over the same distance

The allowed growth is the largest of three: an absolute tolerance, a relative one, and three
standard errors of the difference, as the scatter of the windows gives them. Noise therefore passes,
and a single peak too. A step that stays doesn't.

| figures                        | absolute tolerance | relative tolerance |
| ------------------------------ | ------------------ | ------------------ |
| heap, buffers (\`external\`)     | 1 MiB              | 3 %                |
| resident memory (\`rss\`)        | 32 MiB             | 20 %               |
| held bytes                     | 64 KiB             | –                  |
| other counts: handles, tables  | 5                  | –                  |

${asMarkdown(soakTable(figures))}

Handles have the names that Node gives them (\`process.getActiveResourcesInfo()\`). \`descriptors\` are
the open files and sockets of the process. The tables are the sums of \`session.statistics\` at the
server, and of \`session.getStats()\` at the client. \`npm run soak\` exits with 1 if a figure grew or an
operation failed, and names it. The gate of the repository runs two minutes of it.`;
}

const METHOD = `## Method

- **Processes.** The server, and each load generator (\`--generators\`), has a process of its own. They
  share the machine, so a busy generator slows the server down. More cores give lower latencies.
- **Server.** An \`RpcHost\` on \`node:http\` with its default limits, except those for the number of
  sessions: all connections of a test have one address, of which \`maxSessionsPerAddress\` allows 1,000.
  To test your own server with more, set \`maxSessionsPerAddress\` and \`maxSessions\`
  ([limits](limits.md)), or \`addressOf\`.
- **Open model.** Operations start by a schedule: at random times (\`poisson\`), or at even distances
  (\`constant\`). Latencies count from the scheduled time, so the delay of a late start is part of
  them. Operations that are unanswered 15 s after the last start count with the time that they have
  waited, and as failures (\`UNANSWERED\`). In the closed model, these are 120 s.
- **Closed model.** One operation of each session is under way at most, followed by a random pause.
  For each latency longer than the expected interval, which is the pause and the median latency, the
  correction of HdrHistogram adds the operations that were prevented.
- **Histogram.** Latencies go into an HdrHistogram of three digits, from 1 µs to 10 minutes.
- **Failures** are counted by the code of their error, and have no latency. Each operation checks its
  answer. A wrong one fails with \`WRONG_ANSWER\`.
- **Warm-up.** Each run starts new processes, connects, and makes load for 2 s that isn't counted.
- **File descriptors.** A session takes one at either end. If the machine allows fewer than needed,
  the command fails with \`DESCRIPTOR_LIMIT\` before it connects, and tells the remedy (\`ulimit -n\`).
  Servers in production need the same.`;

/** The machine and the date of a measurement. */
function conditionsOf({ machine, node, date }: Conditions): string {
  return `Measured on ${date.slice(0, 10)} with Node ${node.replace("v", "")} (${machineLine(machine)}, ${machine.memory} GiB).`;
}

function many(value: number): string {
  return value.toLocaleString("en");
}
