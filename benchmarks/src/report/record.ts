import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Report } from "../driver/results.ts";

/** What the last full run wrote. */
export const RECORD = fileURLToPath(new URL("../../../docs/benchmarks.json", import.meta.url));

/** @throws Error if nothing has been recorded */
export function readRecord(): Report {
  if (!existsSync(RECORD)) {
    throw new Error("There is no docs/benchmarks.json to compare with: run `pnpm bench` first.");
  }
  return JSON.parse(readFileSync(RECORD, "utf8"));
}
