import { readFile } from "node:fs/promises";

/** Sources for the size of a server's memory. */
export interface MemorySource {
  /** A URL that answers a GET with the JSON `{ "used": bytes }`, after a garbage collection. */
  readonly url?: string | undefined;
  /** The id of a process on this machine, whose resident memory is read on Linux. */
  readonly pid?: number | undefined;
}

/** A server's memory in bytes, as far as it is known. */
export interface Memory {
  /** The size by the server's own account. */
  readonly used?: number | undefined;
  /** The size of resident memory. */
  readonly resident?: number | undefined;
  /** The largest resident size so far. */
  readonly peak?: number | undefined;
}

/**
 * Reads the memory of a server. Leaves out figures that are unknown, or that the server doesn't
 * give.
 */
export async function readMemory({ url, pid }: MemorySource): Promise<Memory> {
  const [used, status] = await Promise.all([
    url === undefined ? undefined : usedAt(url).catch(() => undefined),
    pid === undefined ? "" : readFile(`/proc/${pid}/status`, "utf8").catch(() => ""),
  ]);
  return { used, resident: field(status, "VmRSS"), peak: field(status, "VmHWM") };
}

async function usedAt(url: string): Promise<number | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  const { used } = (await response.json()) as { used?: unknown };
  return typeof used === "number" ? used : undefined;
}

function field(status: string, name: string): number | undefined {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

/**
 * The growth of the server's memory in bytes, by the best account available. Processes give
 * resident memory back late, if at all, so the server's own account takes precedence.
 */
export function growth(before: Memory, after: Memory): number | undefined {
  const { used, resident } = after;
  if (used !== undefined && before.used !== undefined) return used - before.used;
  if (resident !== undefined && before.resident !== undefined) return resident - before.resident;
  return undefined;
}
