import { ChatError } from "./errors.ts";

/** Messages that a member may say at once, after a silence: a page that was offline has some. */
const BURST = 100;
/** Messages per second from then on. */
const RATE = 2;
const SECOND = 1_000;

interface Allowance {
  readonly left: number;
  readonly since: number;
}

/** Bounds the messages of each member, because each is stored for ever and told to everyone. */
export class SayLimit {
  /** By name. A member who was silent for long has no entry. */
  readonly #allowances = new Map<string, Allowance>();

  /**
   * Counts a message.
   *
   * @throws ChatError `TOO_MANY`
   */
  count(name: string): void {
    const now = performance.now();
    const left = this.#leftOf(name, now);
    if (left < 1) throw new ChatError("TOO_MANY", "You say too much. Wait for some seconds.");
    this.#allowances.delete(name);
    this.#allowances.set(name, { left: left - 1, since: now });
    // The one that has been silent for the longest is first.
    for (const silent of this.#allowances.keys()) {
      if (this.#leftOf(silent, now) < BURST) break;
      this.#allowances.delete(silent);
    }
  }

  #leftOf(name: string, now: number): number {
    const allowance = this.#allowances.get(name);
    if (!allowance) return BURST;
    return Math.min(BURST, allowance.left + ((now - allowance.since) / SECOND) * RATE);
  }
}
