// Runs the conformance kit against our implementation in every runtime and over every transport,
// and against every release of the reference. Prints a matrix. `--write` puts it into
// docs/conformance-results.md, beside an example of a report. `--reports directory` writes a page
// of HTML and a JSON report for each, and `--only text` selects those whose name contains the text.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  formatMatrix,
  formatReport,
  jsonReport,
  loadScenarios,
  matrixOf,
} from "@capnweb/testkit/conformance";
import { OUR_TRANSPORTS, REFERENCE_RELEASES } from "./contestants.ts";
import { exampleReport } from "./example.ts";
import { formatPage } from "./page.ts";
import { OtherRuntimes } from "./runtimes.mjs";

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    reports: { type: "string" },
    only: { type: "string", default: "" },
  },
});

if (values.write && values.only !== "") throw new Error("--write needs all: leave out --only.");

// Early releases of the reference reject promises that no program can reach.
process.on("unhandledRejection", () => {});

const directory = mkdtempSync(join(tmpdir(), "capnweb-conformance-"));
const runtimes = new OtherRuntimes(directory);
/** Contestants that run at once. Most of their time is spent waiting. */
const CONTESTANTS = 2;

const others = runtimes.contestants();
const chosen = [...OUR_TRANSPORTS, ...others, ...REFERENCE_RELEASES].filter((each) =>
  nameOf(each).includes(values.only),
);
const reports = chosen.map(() => undefined);
try {
  const scenarios = await loadScenarios();
  if (others.some((each) => chosen.includes(each))) await runtimes.prepare();
  const waiting = [...chosen.entries()];
  const runWaiting = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [i, contestant] = next;
      reports[i] = await report(contestant, scenarios);
    }
  };
  await Promise.all(Array.from({ length: CONTESTANTS }, runWaiting));
} finally {
  await runtimes.close();
  rmSync(directory, { recursive: true, force: true });
}

const matrix = matrixOf(reports);
const inDocs = (name) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
if (values.reports !== undefined) {
  const pages = chosen.map((each) => `${fileOf(each)}.html`);
  writeFileSync(join(values.reports, "index.html"), formatMatrix(matrix, "html", pages));
}
if (values.write) {
  writeFileSync(inDocs("conformance-results.md"), formatPage(matrix));
  writeFileSync(inDocs("conformance-example.html"), await exampleReport(await loadScenarios()));
} else {
  console.log(formatMatrix(matrix, "markdown"));
}
process.exit();

function nameOf({ implementation, side, medium }) {
  return `${implementation}, ${side}, ${medium}`;
}

async function report(contestant, scenarios) {
  const { implementation, side, medium } = contestant;
  const name = nameOf(contestant);
  const results = await patient(contestant, scenarios);
  const run = { implementation, side, medium, kit: "of this commit" };
  if (values.reports !== undefined) {
    writeReports(values.reports, fileOf(contestant), results, run);
  }
  // The exchanges of all contestants together would fill the memory.
  const lean = results.map(({ exchange, recorded, ...rest }) => rest);
  const { counts, ...rest } = jsonReport(lean, run);
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed`);
  return { counts, ...rest };
}

/**
 * The results of a contestant. Failures run again with more time, because this machine may be too
 * busy for the first time.
 */
async function patient(contestant, scenarios) {
  const results = await contestant.run(scenarios, { parallel: 4, timeout: 5_000 });
  const only = results.filter(({ failure }) => failure !== undefined).map(({ id }) => id);
  if (only.length === 0) return results;
  const again = await contestant.run(scenarios, { parallel: 8, timeout: 15_000, only });
  const byId = new Map(again.map((each) => [each.id, each]));
  return results.map((each) => byId.get(each.id) ?? each);
}

/** The name of a contestant's reports, without an extension. */
function fileOf(contestant) {
  return nameOf(contestant).replace(/[^\w.]+/g, "-");
}

function writeReports(folder, name, results, run) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(`${file}.html`, formatReport(results, "html", run));
  writeFileSync(`${file}.json`, formatReport(results, "json", run));
}
