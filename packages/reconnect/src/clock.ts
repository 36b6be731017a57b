/** The time, as a connection sees it. Tests replace it to jump, or to run without waiting. */
export interface Clock {
  /** Milliseconds on a clock that only runs forward. */
  now(): number;
  /** Milliseconds on the clock of the wall, which jumps when a computer has slept. */
  wall(): number;
  /**
   * Calls `callback` once, `delay` milliseconds later.
   *
   * @param isIdle whether the timer may leave the process without work, so that it can exit
   * @returns a function that cancels the timer. Idempotent
   */
  after(delay: number, callback: () => void, isIdle?: boolean): () => void;
}

/** The longest delay of a timer. Runtimes replace a longer one with 1 ms. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The clock of the platform. */
export const platformClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delay, callback, isIdle = false) {
    if (!(delay <= LONGEST_DELAY)) return () => {};
    const timer: unknown = setTimeout(callback, delay);
    if (isIdle) (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};
