import type { Snapshot } from "./snapshot.ts";
import { Stand } from "./stand.ts";

/** The server's memory at a number of sessions. */
export interface MemoryPoint {
  readonly sessions: number;
  /** Each session has been connected and has made a call. */
  readonly idle: Snapshot["memory"];
  /** Each session has a call under way, an open stream, and a function that the server holds. */
  readonly active: Snapshot["memory"];
}

/** Measures the server's memory at several numbers of sessions, from none to `most`. */
export async function measureMemory(most: number, steps: number): Promise<MemoryPoint[]> {
  const points: MemoryPoint[] = [];
  const stand = await Stand.start();
  try {
    for (let i = 0; i <= steps; i++) {
      const sessions = Math.round((most * i) / steps);
      await stand.connect(sessions);
      const idle = await stand.snapshots();
      await stand.hold();
      const active = await stand.snapshots();
      await stand.release();
      points.push({ sessions, idle: idle.server.memory, active: active.server.memory });
    }
  } finally {
    await stand[Symbol.asyncDispose]();
  }
  return points;
}

/** The memory that a session adds, in bytes: of the heap and of buffers. */
export function perSession(points: readonly MemoryPoint[], state: "idle" | "active"): number {
  const used = ({ heap, external }: Snapshot["memory"]) => heap + external;
  const [first, last] = [points[0]!, points.at(-1)!];
  return (used(last[state]) - used(first[state])) / (last.sessions - first.sessions);
}
