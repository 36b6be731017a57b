/** Milliseconds of a turn of the event loop that plans may take. */
const SLICE = 8;

/**
 * Shares the time of the event loop among plans. All of them together take one slice of a turn.
 * Those that have more to do wait, and one of them goes on in each later turn: input, timers and
 * other work come between. The sessions take turns: many plans of one don't hold up another.
 */
export class Turns {
  /** Plans that wait, by their sessions. The next turn is that of the first session. */
  readonly #waiting = new Map<object, (() => void)[]>();
  #endsAt = 0;
  /** True until the turn is over in which a plan took time. */
  #isOpen = false;

  /** True if the plans have taken their time of this turn. */
  isOver(now: number): boolean {
    if (this.#isOpen) return now >= this.#endsAt;
    this.#open(now);
    return false;
  }

  /** Resolves when a plan may go on. */
  next(session: object): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(session);
      if (waiting) waiting.push(resolve);
      else this.#waiting.set(session, [resolve]);
    });
  }

  #open(now: number): void {
    this.#isOpen = true;
    this.#endsAt = now + SLICE;
    laterTurn(() => this.#close());
  }

  #close(): void {
    this.#isOpen = false;
    const [first] = this.#waiting;
    if (!first) return;
    const [session, waiting] = first;
    this.#waiting.delete(session);
    const resume = waiting.shift()!;
    if (waiting.length > 0) this.#waiting.set(session, waiting);
    this.#open(performance.now());
    resume();
  }
}

/** The turns of this process: it has one event loop, whatever the number of runners. */
export const TURNS: Turns = new Turns();

/** Calls back in a task of its own, so that timers and messages come first. */
function laterTurn(callback: () => void): void {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  if (setImmediate) setImmediate(callback);
  else setTimeout(callback, 0);
}
