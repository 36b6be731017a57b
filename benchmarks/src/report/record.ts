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

/** @throws Error if the recorded run isn't comparable with one under these conditions */
export function checkConditions(
  recorded: Report,
  conditions: Omit<Report, "date" | "runs">,
  nodes: readonly string[],
): void {
  const parts = ["machine", "plan", "versions"] as const;
  const different =
    parts.find((part) => !isDeepStrictEqual(recorded[part], conditions[part])) ??
    nodes.find((version) => !recorded.runs.some(({ node }) => node === version));
  if (different !== undefined) {
    throw new Error(
      `docs/benchmarks.json isn't of this ${different}: run everything, with \`pnpm bench\`.`,
    );
  }
}

/** The recorded runs, with the newly measured results in place of the old ones. */
export function updated(recorded: readonly Run[], latest: readonly Run[]): Run[] {
  return recorded.map(({ node, results }) => {
    const again = latest.find((run) => run.node === node)?.results ?? [];
    const added = again.filter(({ name }) => !results.some((result) => result.name === name));
    const current = results.map((old) => again.find(({ name }) => name === old.name) ?? old);
    return { node, results: [...current, ...added] };
  });
}
