/** The share of the process's time that the pages of a server take, all together. */
export const SERVER_SHARE = 0.015;
/**
 * Milliseconds that a piece of work counts beside its own time, for the answer of the page and the
 * collection of garbage, which come later. They are those of a short call.
 */
const AFTERWARDS = 0.1;
/** Most milliseconds of work that quiet times save, so that a page soon has all that there is. */
const MOST_SAVED = 30;
/** Milliseconds of work that are saved before feeds go on, so that they send entries in a row. */
const LEAST_SAVED = 4;
/** Most milliseconds that a piece of work counts, because clocks jump. */
const MOST_COUNTED = 1_000;

/**
 * The time that feeds may take. They count their work, and rest until enough time has passed. They
 * therefore take a small share of the time, however busy the server is, and however many they are.
 */
export class FeedBudget {
  readonly #share: number;
  readonly #now: () => number;
  /** Milliseconds of work that may be done; negative after more was done. */
  #saved = MOST_SAVED;
  #countedAt: number;
  /** The feeds that wait, in order. */
  readonly #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param share the share of the time, up to 1
   * @param now the time in milliseconds
   */
  constructor(share = SERVER_SHARE, now: () => number = () => performance.now()) {
    this.#share = share;
    this.#now = now;
    this.#countedAt = now();
  }

  /** Waits until it is the feed's turn to {@link work}. */
  async turn(): Promise<void> {
    if (this.#waiting.length === 0 && this.#rest() === 0) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  /**
   * Does a piece of work, and counts its time. Messages leave a few microtasks after they are sent,
   * which is the larger part of the work.
   */
  async work<T>(act: () => T): Promise<{ readonly result: T }> {
    const start = this.#now();
    try {
      const result = act();
      const MICROTASKS = 8;
      for (let i = 0; i < MICROTASKS; i++) await undefined;
      return { result };
    } finally {
      this.#save();
      const time = Math.max(0, Math.min(this.#now() - start, MOST_COUNTED));
      this.#saved -= time + AFTERWARDS;
    }
  }

  /** Milliseconds until feeds may go on. */
  #rest(): number {
    this.#save();
    return this.#saved > 0 ? 0 : Math.ceil((LEAST_SAVED - this.#saved) / this.#share);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#waiting.length === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#rest() === 0) this.#waiting.shift()?.();
      this.#schedule();
    }, this.#rest());
    this.#timer.unref?.();
  }

  /** Notes the time that has passed. A clock that jumps back saves nothing. */
  #save(): void {
    const now = this.#now();
    const passed = Math.max(0, now - this.#countedAt);
    this.#countedAt = now;
    this.#saved = Math.min(MOST_SAVED, this.#saved + passed * this.#share);
  }
}
