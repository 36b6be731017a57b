import { Latencies } from "./latencies.ts";

/** The outcome of one kind of operation. */
export interface Outcomes {
  /** From the intended start to the end, of answered operations and of those given up. */
  readonly latencies: Latencies;
  /** The number of failures by code. */
  readonly failures: Readonly<Record<string, number>>;
}

/** The figures of a run of a model. */
export interface Recorded {
  readonly kinds: Readonly<Record<string, Outcomes>>;
  /**
   * From the intended to the real start. It is part of the latencies. If it is as long as they are,
   * the generator was the bottleneck.
   */
  readonly lag: Latencies;
}

/** Collects the outcomes of operations, by kind. */
export class Recorder implements Recorded {
  readonly kinds: Record<string, { latencies: Latencies; failures: Record<string, number> }> = {};
  readonly lag = new Latencies();

  answered(kind: string, latency: number): void {
    this.#of(kind).latencies.record(latency);
  }

  /** Adds the figures of another run. */
  add({ kinds, lag }: Recorded): void {
    this.lag.add(lag);
    for (const [kind, { latencies, failures }] of Object.entries(kinds)) {
      this.#of(kind).latencies.add(latencies);
      for (const [code, count] of Object.entries(failures)) this.failed(kind, code, count);
    }
  }

  /** Counts failures. They have no latency, because a server that fails fast isn't fast. */
  failed(kind: string, code: string, count = 1): void {
    const { failures } = this.#of(kind);
    failures[code] = (failures[code] ?? 0) + count;
  }

  #of(kind: string) {
    this.kinds[kind] ??= { latencies: new Latencies(), failures: {} };
    return this.kinds[kind];
  }
}

/** The figures of several runs together. */
export function combined(all: readonly Recorded[]): Recorded {
  const recorder = new Recorder();
  for (const each of all) recorder.add(each);
  return recorder;
}

/** The stable code of an error, or its name. */
export function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return String(code ?? name ?? error);
}
