import { readFile } from "node:fs/promises";
import { parseKnown, unknownIn } from "../conformance/known.ts";
import type { Transcript } from "../transcript/transcript.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Reads the list of known failures.
 *
 * @param path the list's file; without one, the list is empty
 * @param scenarios all scenarios that can fail
 * @throws UsageError for a file that can't be read, or entries that fit no scenario
 */
export async function readKnown(
  path: string | undefined,
  scenarios: readonly Transcript[],
): Promise<readonly string[]> {
  if (path === undefined) return [];
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new UsageError(`Can't read ${path}: ${cause.message}`, { cause });
  });
  const known = parseKnown(text);
  const unknown = unknownIn(known, scenarios);
  if (unknown.length === 0) return known;
  throw new UsageError(`${path} lists scenarios that there aren't: ${unknown.join(", ")}.`);
}
