/** Counts by one label each. The labels are few by construction. */
export class Counts {
  readonly #label: string;
  readonly #counts = new Map<string, number>();

  constructor(label: string, initial: readonly string[] = []) {
    this.#label = label;
    for (const value of initial) this.#counts.set(value, 0);
  }

  add(value: string, amount = 1): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + amount);
  }

  *samples() {
    for (const [value, count] of this.#counts) {
      yield { labels: { [this.#label]: value }, value: count };
    }
  }
}
