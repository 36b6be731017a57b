import type { Clock } from "./clock.ts";

/** A timer for one thing at a time. */
export class Timer {
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `act` after `delay` milliseconds, in place of what waits so far. */
  set(delay: number, act: () => void): void {
    this.cancel();
    this.#cancel = this.#clock.after(delay, act);
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
