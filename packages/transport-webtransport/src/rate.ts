/** Limits events to a rate per second, but lets those of some idle seconds be made up for. */
export class Rate {
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #last = performance.now();

  /** @param burst idle seconds whose events may be made up for */
  constructor(perSecond: number, burst = 10) {
    this.#perSecond = perSecond;
    this.#most = burst * perSecond;
    this.#left = this.#most;
  }

  /**
   * Counts `amount` events.
   *
   * @returns whether the rate allows them
   */
  take(amount = 1): boolean {
    // Reading the clock costs more than counting, so only a rate that seems used up reads it.
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
