import type { RunReport } from "./results.ts";
import { titleOf } from "./run-table.ts";

/** A median in milliseconds that a server reaches only if it is busy, or waits for a processor. */
const SLOW = 1_000;
/** The share of a core below which a server isn't busy. */
const IDLE = 0.5;

/** The sentence that tells which latencies are those of the machine, and not of the server. */
export function starvedNote(runs: readonly RunReport[]): string | undefined {
  const names = runs.filter(isStarved).map(titleOf);
  if (names.length === 0) return undefined;
  const which =
    names.length === runs.length
      ? "These latencies"
      : `The latencies of ${names.map((name) => `“${name}”`).join(", ")}`;
  return (
    `${which} are the machine's, not the server's. The server used less than half a core while its ` +
    "operations waited: other programs, or the load generators, had the processors. Measure on a " +
    "machine that does nothing else, with more cores than load generators."
  );
}

function isStarved({ all, server }: RunReport): boolean {
  const [median] = all.percentiles;
  return typeof median === "number" && median > SLOW && server.processor < IDLE;
}
