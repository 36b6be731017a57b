/** The operations of one kind with one name, by their outcomes and durations. */
export class Durations {
  /** The number that succeeded, apart from the others because it is the usual outcome. */
  #succeeded = 0;
  readonly #failed = new Map<string, number>();
  /** The counts up to each bound, without those of the bounds before it; the last is the rest. */
  readonly #buckets: number[];
  readonly #bounds: readonly number[];
  #sum = 0;
  #count = 0;

  /** @param bounds in seconds, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#buckets = new Array(bounds.length + 1).fill(0);
  }

  add(outcome: string, seconds: number): void {
    if (outcome === "ok") this.#succeeded++;
    else this.#failed.set(outcome, (this.#failed.get(outcome) ?? 0) + 1);
    const bounds = this.#bounds;
    let i = 0;
    while (i < bounds.length && seconds > bounds[i]!) i++;
    this.#buckets[i]!++;
    this.#sum += seconds;
    this.#count++;
  }

  *outcomes(): Generator<[outcome: string, count: number]> {
    if (this.#succeeded > 0) yield ["ok", this.#succeeded];
    yield* this.#failed;
  }

  *samples(name: string, labels: Readonly<Record<string, string>>) {
    let count = 0;
    for (const [i, le] of this.#bounds.entries()) {
      count += this.#buckets[i]!;
      yield { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    }
    const metricName = `${name}_bucket`;
    yield { metricName, labels: { ...labels, le: "+Inf" }, value: this.#count };
    yield { metricName: `${name}_sum`, labels, value: this.#sum };
    yield { metricName: `${name}_count`, labels, value: this.#count };
  }
}
