// Records every scene with the reference on both sides, into the testkit's transcripts. Also
// records how the reference encodes and decodes values, into the testkit's vectors.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { formatTranscript } from "@capnweb/testkit";
import { loadScenarios } from "@capnweb/testkit/conformance";
import { REFERENCE } from "../implementation.ts";
import { formatList, listFile, readList, withNewIds } from "./ids.ts";
import { goldenScenes } from "./index.ts";
import { fileOf, isRecordingNode, record } from "./record.ts";
import { formatVectors, recordVectors } from "./vectors.ts";

const testkit = fileURLToPath(new URL("../../../packages/testkit/", import.meta.url));
const directory = `${testkit}transcripts/`;

if (!isRecordingNode) {
  throw new Error(`Recordings are made with Node 20, not ${process.version}; see record.ts.`);
}
mkdirSync(directory, { recursive: true });
const add = (scenarios: Iterable<{ readonly name: string }>) => {
  const names = [...scenarios].map(({ name }) => name);
  writeFileSync(listFile, formatList(withNewIds(readList(), names)));
};
add(goldenScenes);
const written = new Set<string>();
for (const scene of goldenScenes) {
  const file = fileOf(scene);
  if (written.has(file)) throw new Error(`Two scenes would be written to ${file}.`);
  written.add(file);
  const transcript = await record(scene, REFERENCE);
  writeFileSync(`${directory}${file}`, formatTranscript(transcript));
}
for (const file of readdirSync(directory)) if (!written.has(file)) rmSync(`${directory}${file}`);
// Scenarios that recordings can't express are made from some of them.
add((await loadScenarios()).values());
const vectors = recordVectors(REFERENCE);
writeFileSync(`${testkit}vectors/values.json`, formatVectors(vectors));
console.log(`${written.size} transcripts recorded`);
