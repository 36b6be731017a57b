import type { Snapshot } from "../driver/snapshot.ts";
import type { Snapshots } from "../driver/stand.ts";
import { type Tolerance, type Trend, trendOf } from "./flatness.ts";

/** The samples of one figure of one process. */
export interface Series {
  /** The process and the figure: "server memory: heap". */
  readonly name: string;
  readonly unit: "bytes" | "count";
  readonly samples: readonly number[];
  readonly tolerance: Tolerance;
}

/** A series, and its course. */
export interface Judged extends Series {
  readonly trend: Trend;
}

const KIB = 1024;
const MIB = 1024 * KIB;

const MEMORY: Record<keyof Snapshot["memory"], Tolerance> = {
  heap: { absolute: MIB, relative: 0.03 },
  external: { absolute: MIB, relative: 0.03 },
  // The allocator and V8 keep pages in reserve, as many as the busiest moment took.
  rss: { absolute: 32 * MIB, relative: 0.2 },
};
/** A handful of sockets may still be closing. */
const COUNTS: Tolerance = { absolute: 5, relative: 0 };
const HELD_BYTES: Tolerance = { absolute: 64 * KIB, relative: 0 };

/** Judges all figures in snapshots of the server and a generator. */
export function judged(snapshots: readonly Snapshots[]): Judged[] {
  return seriesOf(snapshots).map((series) => ({
    ...series,
    trend: trendOf(series.samples, series.tolerance),
  }));
}

function seriesOf(snapshots: readonly Snapshots[]): Series[] {
  return (["server", "client"] as const).flatMap((side) =>
    ofProcess(
      side,
      snapshots.map((each) => each[side]),
    ),
  );
}

function ofProcess(side: string, snapshots: readonly Snapshot[]): Series[] {
  const memory = Object.entries(MEMORY).map(([key, tolerance]) => ({
    name: `${side} memory: ${key}`,
    unit: "bytes" as const,
    samples: snapshots.map((each) => each.memory[key as keyof Snapshot["memory"]]),
    tolerance,
  }));
  const counts = (["handles", "tables"] as const).flatMap((group) =>
    // A kind of handle that was never open is in no snapshot.
    [...new Set(snapshots.flatMap((each) => Object.keys(each[group])))].map((key) => ({
      name: `${side} ${group}: ${key}`,
      unit: key === "heldBytes" ? ("bytes" as const) : ("count" as const),
      samples: snapshots.map((each) => each[group][key] ?? 0),
      tolerance: key === "heldBytes" ? HELD_BYTES : COUNTS,
    })),
  );
  return [...memory, ...counts];
}
