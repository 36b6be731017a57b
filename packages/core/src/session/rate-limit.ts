import type { Limits } from "@capnweb/wire";
import { overLimit } from "@capnweb/wire/internal";
import { BURST_SECONDS } from "../call-context/counts.ts";

type RateName = "maxMessageRate" | "maxByteRate";

/** The rest of what a rate allows, which grows with time. */
export class RateLimit {
  readonly #limits: Limits;
  readonly #name: RateName;
  #left: number;
  #last = performance.now();

  constructor(limits: Limits, name: RateName) {
    this.#limits = limits;
    this.#name = name;
    this.#left = limits[name] * BURST_SECONDS;
  }

  /** @throws LimitError for a peer that sends too fast */
  take(amount: number): void {
    const now = performance.now();
    const perSecond = this.#limits[this.#name];
    const grown = this.#left + ((now - this.#last) / 1_000) * perSecond;
    this.#last = now;
    this.#left = Math.min(grown, perSecond * BURST_SECONDS) - amount;
    if (this.#left < 0) throw overLimit(this.#limits, this.#name);
  }
}

/** The rate limit of a session by that name; `undefined` if it has none. */
export function rateLimitOf(limits: Limits, name: RateName): RateLimit | undefined {
  return limits[name] < Infinity ? new RateLimit(limits, name) : undefined;
}
