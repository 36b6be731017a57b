/** The longest interval of a timer. Runtimes replace a longer one with 1 ms. */
const LONGEST_INTERVAL = 2 ** 31 - 1;

/**
 * Calls a function at intervals. Silence is measured in ticks, not by a clock: a process that was
 * stopped itself, or whose computer slept, must not mistake that time for its peer's silence.
 */
export class Ticker {
  readonly #interval: number;
  readonly #tick: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param interval milliseconds; `Infinity` for never */
  constructor(interval: number, tick: () => void) {
    this.#interval = interval;
    this.#tick = tick;
  }

  start(): void {
    if (!(this.#interval <= LONGEST_INTERVAL)) return;
    this.#timer = setInterval(this.#tick, this.#interval);
    // The connection keeps a process of Node running as long as it should; a timer mustn't.
    (this.#timer as { unref?(): void }).unref?.();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
