import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../load/models/clock.ts";

/** A clock whose time passes only from one awaited moment to the next. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #waiting: { readonly time: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  until(time: number): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push({ time: Math.max(time, this.#now), wake });
    });
  }

  sleep(milliseconds: number): Promise<void> {
    return this.until(this.#now + milliseconds);
  }

  /** Stops the program for a time, as a garbage collection would: nothing wakes meanwhile. */
  block(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Lets time pass until a promise settles. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isDone = false;
    const done = promise.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      // All that follows from the last moment happens first.
      await setImmediate();
      if (isDone) break;
      const next = this.#next();
      if (next === undefined) throw new Error("The program waits for something without a time.");
      this.#now = Math.max(this.#now, next.time);
      next.wake();
    }
    return done;
  }

  #next() {
    if (this.#waiting.length === 0) return undefined;
    const first = this.#waiting.reduce((a, b) => (b.time < a.time ? b : a));
    this.#waiting.splice(this.#waiting.indexOf(first), 1);
    return first;
  }
}

/** Operations on a server that takes a millisecond, and does nothing during one stall. */
export class FakeServer {
  readonly #clock: FakeClock;
  readonly #stall: { readonly from: number; readonly to: number };
  begun = 0;

  constructor(clock: FakeClock, stall = { from: 0, to: 0 }) {
    this.#clock = clock;
    this.#stall = stall;
  }

  begin = () => {
    this.begun++;
    return { kind: "call", done: this.#answer() };
  };

  async #answer(): Promise<void> {
    const { from, to } = this.#stall;
    const now = this.#clock.now();
    await this.#clock.until(now >= from && now < to ? to + 1 : now + 1);
  }
}
