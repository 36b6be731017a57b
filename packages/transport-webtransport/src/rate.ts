/** Idle seconds that may be caught up on. */
const BURST = 10;

/** Counts against a rate per second. Ten idle seconds may be caught up on. */
export class Rate {
  readonly #perSecond: number;
  #left: number;
  #last = performance.now();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = BURST * perSecond;
  }

  /** @returns whether the rate allows it */
  take(amount = 1): boolean {
    // Looking at the clock costs more than counting. Only a rate that seems used up needs it.
    if (this.#left < amount) this.#refill();
    this.#left -= amount;
    return this.#left >= 0;
  }

  #refill(): void {
    const now = performance.now();
    const earned = ((now - this.#last) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#left + earned, BURST * this.#perSecond);
    this.#last = now;
  }
}
