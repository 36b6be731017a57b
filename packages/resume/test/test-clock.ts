import type { Clock } from "@capnweb/resume";

/** A clock that a test moves. */
export class TestClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<{ readonly at: number; readonly act: () => void }>();

  /** The number of timers that run. */
  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, act: () => void): () => void {
    const timer = { at: this.#now + delay, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass, and fires the timers that are due, in order. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.act();
    }
    this.#now = end;
  }

  /** Sets the clock without firing timers, as the clock of a machine that slept. */
  jump(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
