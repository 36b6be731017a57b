/** A source of time and timers. Tests inject their own. */
export interface Clock {
  /** Milliseconds that only go up, as `performance.now()` gives them. */
  now(): number;
  /**
   * Calls `act` once after `delay` milliseconds.
   *
   * @param keepsRunning true if the process mustn't end before that. Default `false`
   * @returns cancels it
   */
  after(delay: number, act: () => void, keepsRunning?: boolean): () => void;
}

/** Longest delay that `setTimeout` takes: longer ones would fire at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The clock of the platform. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(delay, act, keepsRunning = false) {
    const timer: unknown = setTimeout(act, Math.min(delay, LONGEST_DELAY));
    if (!keepsRunning) (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as number);
  },
};
