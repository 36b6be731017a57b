/** Counts against a rate per second. Some idle seconds may be caught up on. */
export class Rate {
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #last = performance.now();

  /** @param burst idle seconds that may be caught up on */
  constructor(perSecond: number, burst = 10) {
    this.#perSecond = perSecond;
    this.#most = burst * perSecond;
    this.#left = this.#most;
  }

  /** @returns whether the rate allows it */
  take(amount = 1): boolean {
    // A look at the clock costs more than counting. Only a rate that seems used up needs it.
    if (this.#left < amount) this.#refill();
    this.#left -= amount;
    return this.#left >= 0;
  }

  #refill(): void {
    const now = performance.now();
    const earned = ((now - this.#last) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#left + earned, this.#most);
    this.#last = now;
  }
}
