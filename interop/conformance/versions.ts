// Runs scenarios with every release of the reference, and records the first release that passes
// each as a server, over both media, and as a client, and that all later releases agree with.
// Arguments are patterns of ids and names; default: all scenarios.
import { writeFileSync } from "node:fs";
import type { ProtocolVersion } from "@capnweb/testkit";
import { loadScenarios, type ScenarioResult } from "@capnweb/testkit/conformance";
import { runClient, runServer } from "../src/conformance-runs.ts";
import { formatList, listFile, readList } from "../src/golden/ids.ts";
import { RELEASES } from "../src/releases.ts";

const scenarios = await loadScenarios();
const versions = [...RELEASES.keys()];
const patterns = process.argv.slice(2);
const options = {
  only: patterns.length > 0 ? patterns : undefined,
  demandsOnly: true,
  parallel: 8,
  timeout: 3000,
};

// Early releases reject promises that no program can reach.
process.on("unhandledRejection", () => {});

/** The ids of all scenarios that ran, and the first version after the last failure of each. */
const first = new Map<string, string>();

for (const [i, version] of versions.entries()) {
  const release = RELEASES.get(version)!;
  const results: ScenarioResult[] = [
    ...(await runServer(release, "WebSocket", scenarios, options)),
    ...(await runServer(release, "HTTP batch", scenarios, options)),
    ...(await runClient(release, scenarios, options)),
  ];
  for (const { id } of results) if (!first.has(id)) first.set(id, "0.1");
  const failed = results.filter(({ failure }) => failure !== undefined);
  console.log(`${version}: ${[...new Set(failed.map(({ id }) => id))].join(" ") || "passes all"}`);
  const next = versions[i + 1];
  if (next === undefined && failed.length > 0) {
    const lines = failed.map(({ id, failure }) => `${id}: ${failure}\n`);
    console.error(`The latest release fails:\n${lines.join("")}`);
    process.exit(1);
  }
  for (const { id } of failed) first.set(id, next!);
}

const list = new Map(
  [...readList()].map(([slug, { id, since }]) => {
    return [slug, { id, since: (first.get(id) as ProtocolVersion | undefined) ?? since }];
  }),
);
writeFileSync(listFile, formatList(list));
console.log("Record the scenarios again, so that they have their versions: npm run record");
process.exit();
