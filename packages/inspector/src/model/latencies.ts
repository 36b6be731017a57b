import type { Call } from "./records.ts";

/** The times of one method. Milliseconds, from the call's message to its answer's. */
export interface MethodTimes {
  readonly name: string;
  readonly by: Call["by"];
  count: number;
  failed: number;
  open: number;
  sum: number;
  max: number;
  /** The most recent times, oldest first. */
  readonly recent: number[];
}

/** Most methods that are told apart. Peers choose the names. */
const MOST_METHODS = 500;
const MOST_TIMES = 500;
export const OTHER_METHODS = "(other methods)";

/** The times of all calls, by method. */
export class Latencies {
  readonly methods = new Map<string, MethodTimes>();

  sent(call: Call): void {
    this.#of(call).open++;
  }

  ended(call: Call): void {
    const times = this.#of(call);
    times.open--;
    if (call.state !== "resolved" && call.state !== "rejected") return;
    const time = call.answeredAt! - call.sentAt;
    times.count++;
    if (call.state === "rejected" && call.failedAt === undefined) times.failed++;
    times.sum += time;
    times.max = Math.max(times.max, time);
    times.recent.push(time);
    if (times.recent.length > MOST_TIMES) times.recent.shift();
  }

  /** Counts a failure that the caller hasn't learned of. */
  failedUnseen(call: Call): void {
    this.#of(call).failed++;
  }

  #of({ name, by }: Call): MethodTimes {
    const key = `${by} ${name}`;
    const known = this.methods.get(key);
    if (known) return known;
    const isFull = this.methods.size >= MOST_METHODS;
    const kept = isFull ? `${by} ${OTHER_METHODS}` : key;
    const others = this.methods.get(kept);
    if (others) return others;
    const shown = isFull ? OTHER_METHODS : name;
    const made = { name: shown, by, count: 0, failed: 0, open: 0, sum: 0, max: 0, recent: [] };
    this.methods.set(kept, made);
    return made;
  }
}

/** The value below which a share of the times is. 0 if there are none. */
export function quantile(times: readonly number[], share: number): number {
  if (times.length === 0) return 0;
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
