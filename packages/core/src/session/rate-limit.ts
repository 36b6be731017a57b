import type { Limits } from "@capnweb/wire";
import { exceeded } from "../call-context/counts.ts";

/** Idle seconds whose messages a peer may make up for. */
const BURST = 10;

/** The rest of one allowance, which grows with time. */
class Allowance {
  readonly #perSecond: number;
  #left: number;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond * BURST;
  }

  /** @returns whether that much was left */
  take(amount: number, seconds: number): boolean {
    const grown = this.#left + seconds * this.#perSecond;
    this.#left = Math.min(grown, this.#perSecond * BURST) - amount;
    return this.#left >= 0;
  }
}

/** The rates of a session's incoming messages. */
export class RateLimit {
  readonly #limits: Limits;
  readonly #messages: Allowance | undefined;
  readonly #bytes: Allowance | undefined;
  #last: number;

  /** @param now milliseconds, on any monotonic clock */
  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#last = now;
    if (Number.isFinite(limits.maxMessageRate))
      this.#messages = new Allowance(limits.maxMessageRate);
    if (Number.isFinite(limits.maxByteRate)) this.#bytes = new Allowance(limits.maxByteRate);
  }

  /** Whether there is a limit at all. */
  static isSet({ maxMessageRate, maxByteRate }: Limits): boolean {
    return Number.isFinite(maxMessageRate) || Number.isFinite(maxByteRate);
  }

  /** @throws LimitError for a peer that sends too fast */
  received(size: number, now: number): void {
    const seconds = (now - this.#last) / 1_000;
    this.#last = now;
    if (this.#messages?.take(1, seconds) === false) {
      throw exceeded(this.#limits, "maxMessageRate");
    }
    if (this.#bytes?.take(size, seconds) === false) {
      throw exceeded(this.#limits, "maxByteRate");
    }
  }
}
