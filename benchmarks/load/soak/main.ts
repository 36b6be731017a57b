// `npm run soak`: load for a long time, in which memory, handles and tables must stay flat.
import { bytes, count } from "../../src/report/format.ts";
import { asText } from "../../src/report/table.ts";
import { attempt } from "../driver/attempt.ts";
import type { Snapshots } from "../driver/stand.ts";
import { conditions, writeResults } from "../report/record.ts";
import { soakReportOf, soakTable } from "../report/soak-table.ts";
import { parseSoakOptions, SOAK_USAGE } from "./options.ts";
import { soak } from "./soak.ts";

await attempt(async () => {
  const { plan, writes, helps } = parseSoakOptions(process.argv.slice(2));
  if (helps) {
    console.log(SOAK_USAGE);
    return;
  }
  const began = conditions();
  const outcome = await soak(plan, (snapshots, seconds) => {
    console.log(`${Math.round(seconds)} s: ${lineOf(snapshots)}`);
  });
  const report = soakReportOf(outcome, began);
  console.log(`\n${asText(soakTable(report.figures))}`);
  if (writes) writeResults({ soak: report });
  for (const problem of outcome.problems) console.error(`FOUND: ${problem}`);
  if (outcome.problems.length > 0) process.exitCode = 1;
  else console.log("Memory, handles and tables are flat, and no operation failed.");
});

function lineOf({ server, client }: Snapshots): string {
  const { sessions, imports, exports } = server.tables;
  return [
    `server heap ${bytes(server.memory.heap)}, rss ${bytes(server.memory.rss)}`,
    `sessions ${count(sessions!)}, imports ${count(imports!)}, exports ${count(exports!)}`,
    `client heap ${bytes(client.memory.heap)}`,
  ].join("; ");
}
