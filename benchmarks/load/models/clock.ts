import { setImmediate, setTimeout } from "node:timers/promises";

/** The time of a load generator, in milliseconds with fractions. Tests have one of their own. */
export interface Clock {
  now(): number;
  /** Resolves at a time, to a fraction of a millisecond, or in the next turn if it is past. */
  until(time: number): Promise<void>;
  /** Resolves after about so many milliseconds. Any number of callers may wait. */
  sleep(milliseconds: number): Promise<void>;
}

/** Timers are late by up to a millisecond, which is longer than a call takes. */
const INACCURACY = 1.5;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  async until(time) {
    const wait = time - performance.now() - INACCURACY;
    if (wait >= 1) await setTimeout(wait);
    // Turns of the event loop, so that answers are still received.
    do await setImmediate();
    while (performance.now() < time);
  },
  sleep: (milliseconds) => setTimeout(milliseconds),
};
