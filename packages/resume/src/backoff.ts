/** Pauses between attempts to connect. */
export interface BackoffOptions {
  /** Upper bound of the first pause, in milliseconds. Default 250. */
  readonly min?: number | undefined;
  /** Upper bound of all pauses, in milliseconds. Default 10,000. */
  readonly max?: number | undefined;
  /** Growth of the upper bound from one pause to the next. Default 2. */
  readonly factor?: number | undefined;
  /** Source of random numbers from 0 to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * The pauses between attempts to connect, with full jitter: each is a random part of its upper
 * bound, so that the clients of a server that restarts come back spread over time.
 */
export class Backoff {
  readonly max: number;
  readonly #min: number;
  readonly #factor: number;
  readonly #random: () => number;
  #failures = 0;

  constructor({ min = 250, max = 10_000, factor = 2, random = Math.random }: BackoffOptions = {}) {
    this.#min = min;
    this.max = max;
    this.#factor = factor;
    this.#random = random;
  }

  /** The pause before the next attempt, in milliseconds. 0 unless the last one failed. */
  get pause(): number {
    if (this.#failures === 0) return 0;
    // Zero times an infinite growth is no number.
    const bound = this.#min * this.#factor ** (this.#failures - 1) || 0;
    return Math.min(this.max, bound) * this.#random();
  }

  /** Notes that an attempt failed, or that a connection didn't last. */
  failed(): void {
    this.#failures++;
  }

  /** Notes that a connection lasted, or that the network is back. */
  reset(): void {
    this.#failures = 0;
  }
}
