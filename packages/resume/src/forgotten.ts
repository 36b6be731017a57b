import type { Clock } from "./clock.ts";
import { keyOf } from "./secret.ts";

/** Most secrets of former sessions that are remembered. */
const MOST = 10_000;

/** Milliseconds by which clocks may differ. */
const MARGIN = 1_000;

/**
 * The secrets of sessions that are gone. A peer whose secret is neither in use nor among them was
 * never heard of, unless it is older than this memory.
 */
export class Forgotten {
  readonly #clock: Clock;
  readonly #keys = new Set<string>();
  /** The time since which every secret is remembered. */
  #since: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  add(hash: string): void {
    this.#keys.add(keyOf(hash));
    if (this.#keys.size <= MOST) return;
    this.#keys.delete(this.#keys.values().next().value!);
    this.#since = this.#clock.now();
  }

  /**
   * True if no session with a secret has ever been here.
   *
   * @param age milliseconds since the peer first used the secret
   */
  neverKnew(hash: string, age: number): boolean {
    return !this.#keys.has(keyOf(hash)) && this.#clock.now() - age - MARGIN > this.#since;
  }
}
