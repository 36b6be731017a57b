import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import type { Report, Run } from "../driver/results.ts";

/** The record of the last full run. */
export const RECORD = fileURLToPath(new URL("../../../docs/benchmarks.json", import.meta.url));

/** @throws Error if nothing has been recorded */
export function readRecord(): Report {
  if (!existsSync(RECORD)) {
    throw new Error("There is no docs/benchmarks.json to compare with: run `pnpm bench` first.");
  }
  return JSON.parse(readFileSync(RECORD, "utf8"));
}

/** The conditions that all results of a record have in common. */
export type Conditions = Omit<Report, "date" | "code" | "runs">;

/** @throws Error if the recorded run isn't comparable with one under these conditions */
export function checkConditions(
  recorded: Report,
  conditions: Conditions,
  nodes: readonly string[],
): void {
  const parts = ["format", "machine", "plan", "versions"] as const;
  const part = parts.find((each) => !isDeepStrictEqual(recorded[each], conditions[each]));
  const node = nodes.find((version) => !recorded.runs.some((run) => run.node === version));
  if (part === undefined && node === undefined) return;
  const difference = part ? `has another ${part}` : `has no results of Node ${node}`;
  throw new Error(`docs/benchmarks.json ${difference}: run everything, with \`pnpm bench\`.`);
}

/**
 * The recorded runs, with the newly measured results in place of the old ones.
 *
 * @param names the names of all cases, in the order of the report. Results of other cases are
 *   dropped
 */
export function updated(
  recorded: readonly Run[],
  latest: readonly Run[],
  names: readonly string[],
): Run[] {
  return recorded.map(({ node, results }) => {
    const again = latest.find((run) => run.node === node)?.results ?? [];
    const current = names.map((name) => [...again, ...results].find((each) => each.name === name));
    return { node, results: current.filter((result) => result !== undefined) };
  });
}
