import { readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** The memory, handles and tables of a process when nothing is under way. */
export interface Snapshot {
  /** Bytes, after garbage collections. */
  readonly memory: {
    /** V8's heap. */
    readonly heap: number;
    /** Buffers, and other memory outside of the heap. */
    readonly external: number;
    /** Resident memory of the process. It contains pages that V8 keeps in reserve. */
    readonly rss: number;
  };
  /** Open resources by type, as Node names them, and open file descriptors where Linux tells. */
  readonly handles: Readonly<Record<string, number>>;
  /** The entries of all sessions' tables together. */
  readonly tables: Readonly<Record<string, number>>;
}

/** Milliseconds for finalizers to run in. They let go of more objects. */
const PAUSE = 10;

/** Collects garbage in this process, which must have been started with --expose-gc. */
export async function collectGarbage(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("Start the process with --expose-gc.");
  gc();
  await setTimeout(PAUSE);
}

/** Takes a snapshot of this process, which must have been started with --expose-gc. */
export async function takeSnapshot(tables: () => Record<string, number>): Promise<Snapshot> {
  for (let i = 0; i < 3; i++) await collectGarbage();
  const { heapUsed: heap, external, rss } = process.memoryUsage();
  return { memory: { heap, external, rss }, handles: openHandles(), tables: tables() };
}

function openHandles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const type of process.getActiveResourcesInfo()) counts[type] = (counts[type] ?? 0) + 1;
  const descriptors = openDescriptors();
  return descriptors === undefined ? counts : { ...counts, descriptors };
}

function openDescriptors(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}
