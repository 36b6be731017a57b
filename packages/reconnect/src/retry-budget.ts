import type { Clock } from "./clock.ts";

/** Bounds on the calls that are repeated although they may have run. */
export interface RetryBudgetOptions {
  /** The number of calls that may be repeated at once. Default 100. */
  size?: number | undefined;
  /** The number of further repetitions that each second allows. Default 10. */
  perSecond?: number | undefined;
}

/**
 * A token bucket. It keeps repetitions from multiplying the load of a server that loses its
 * connections because it has too much to do.
 */
export class RetryBudget {
  readonly #size: number;
  readonly #perSecond: number;
  readonly #clock: Clock;
  #tokens: number;
  #since: number;

  constructor({ size = 100, perSecond = 10 }: RetryBudgetOptions, clock: Clock) {
    this.#size = size;
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#tokens = size;
    this.#since = clock.now();
  }

  /** Takes a token, if there is one. */
  take(): boolean {
    const now = this.#clock.now();
    const gained = ((now - this.#since) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#size, this.#tokens + gained);
    this.#since = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
