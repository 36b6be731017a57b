/** A session with messages that wait. */
export interface Runnable {
  /** The time that the session has used, in milliseconds, as far as it was measured. */
  usedTime: number;
  readonly turnBudget: number;
  /** Whether there is a message that waits. */
  readonly isWaiting: boolean;
  /** Handles one message. Never throws. */
  runOnce(): void;
}

/** How many messages may be handled before the clock is asked for how long that took. */
const UNTIMED_MESSAGES = 32;

/** Milliseconds between two messages after which the first is suspected of having taken that long. */
const SUSPICIOUS = 4;

/**
 * Divides the time of a thread between sessions. As long as there is enough of it, messages are
 * handled when they arrive. When a turn of the event loop has lasted too long, messages wait; the
 * session that has used the least time goes on first, so a light user never waits for a heavy one
 * for longer than one of its messages takes.
 */
export class Scheduler {
  readonly #waiting = new Set<Runnable>();
  readonly #defer: (callback: () => void) => void;
  /** When the turn that is watched began, and `undefined` while none is. */
  #turn: number | undefined;
  #isScheduled = false;
  #untimed = 0;
  #last = 0;

  /** @param defer runs a callback after input and timers have had their turn */
  constructor(defer: (callback: () => void) => void) {
    this.#defer = defer;
  }

  /** Whether a message of `session` may be handled now, rather than wait. */
  mayRun(session: Runnable): boolean {
    // Others that wait have waited longer.
    if (this.#waiting.size > 0) return false;
    // Asking this clock takes 25 ns, the precise one twice as long.
    const now = Date.now();
    const pause = now - this.#last;
    this.#last = now;
    if (this.#turn !== undefined) return now - this.#turn < session.turnBudget;
    if (pause >= SUSPICIOUS || ++this.#untimed >= UNTIMED_MESSAGES) this.#watch(now);
    return true;
  }

  /** Has the messages of `session` handled when it is its turn. */
  add(session: Runnable): void {
    if (this.#waiting.has(session)) return;
    let least = Number.POSITIVE_INFINITY;
    for (const { usedTime } of this.#waiting) least = Math.min(least, usedTime);
    // Time that a session didn't use while it was idle isn't saved up.
    if (least !== Number.POSITIVE_INFINITY) session.usedTime = Math.max(session.usedTime, least);
    this.#waiting.add(session);
    this.#schedule();
  }

  remove(session: Runnable): void {
    this.#waiting.delete(session);
  }

  #watch(now: number): void {
    this.#turn = now;
    this.#untimed = 0;
    this.#defer(() => {
      this.#turn = undefined;
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#defer(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    const start = performance.now();
    let now = start;
    for (let next = this.#next(); next; next = this.#next()) {
      if (now - start >= next.turnBudget) {
        this.#schedule();
        return;
      }
      next.runOnce();
      const then = now;
      now = performance.now();
      next.usedTime += now - then;
      if (!next.isWaiting) this.#waiting.delete(next);
    }
  }

  #next(): Runnable | undefined {
    let next: Runnable | undefined;
    for (const each of this.#waiting) {
      if (!next || each.usedTime < next.usedTime) next = each;
    }
    return next;
  }
}
