import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Report, Run } from "../driver/results.ts";

/** What the last full run wrote. */
export const RECORD = fileURLToPath(new URL("../../../docs/benchmarks.json", import.meta.url));

/** @throws Error if nothing has been recorded */
export function readRecord(): Report {
  if (!existsSync(RECORD)) {
    throw new Error("There is no docs/benchmarks.json to compare with: run `pnpm bench` first.");
  }
  return JSON.parse(readFileSync(RECORD, "utf8"));
}

/**
 * What was recorded, with the cases that were measured again in the place of what they gave before.
 *
 * @throws Error where what is to be put together was measured in different ways, or places
 */
export function updated(recorded: Report, latest: Report): Report {
  for (const part of ["machine", "plan", "versions"] as const) {
    if (!isDeepStrictEqual(recorded[part], latest[part])) {
      throw new Error(`The recorded ${part} is another: run everything, with \`pnpm bench\`.`);
    }
  }
  return { ...latest, runs: recorded.runs.map((run) => updatedRun(run, latest.runs)) };
}

function updatedRun({ node, results }: Run, latest: readonly Run[]): Run {
  const again = latest.find((run) => run.node === node)?.results;
  return {
    node,
    results: results.map((result) => again?.find(({ name }) => name === result.name) ?? result),
  };
}
