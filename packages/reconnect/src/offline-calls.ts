import type { FollowingPolicy, WaitingCall } from "@capnweb/core/following";
import type { Clock } from "./clock.ts";
import { OfflineError } from "./errors.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** Bounds on the calls that are made while there is no connection. */
export interface OfflineOptions {
  /** The number of calls that wait at most; further ones fail at once. Default 1000; 0 for none. */
  max?: number | undefined;
  /** Milliseconds that a call waits at most. Default 30,000. */
  maxAge?: number | undefined;
}

/** The calls that wait for a connection, the oldest first. */
export class OfflineCalls implements FollowingPolicy {
  readonly #max: number;
  readonly #maxAge: number;
  readonly #clock: Clock;
  readonly #budget: RetryBudget;
  readonly #lastFailure: () => unknown;
  /** The times from which calls wait. */
  readonly #waiting = new Map<WaitingCall, number>();
  /** The times from which calls waited first, because the connection may be lost again. */
  readonly #since = new WeakMap<WaitingCall, number>();
  #cancelTimer: (() => void) | undefined;

  /** @param lastFailure the reason why there is no connection, if it is known */
  constructor(
    { max = 1000, maxAge = 30_000 }: OfflineOptions,
    budget: RetryBudget,
    clock: Clock,
    lastFailure: () => unknown,
  ) {
    this.#max = max;
    this.#maxAge = maxAge;
    this.#budget = budget;
    this.#clock = clock;
    this.#lastFailure = lastFailure;
  }

  /** The number of calls that wait. */
  get size(): number {
    return this.#waiting.size;
  }

  waits(call: WaitingCall): void {
    if (this.#waiting.size >= this.#max) {
      throw new OfflineError(
        `There is no connection, and ${this.#max} calls wait for one, as offline.max allows.`,
        this.#lastFailure(),
      );
    }
    const since = this.#since.get(call) ?? this.#clock.now();
    this.#since.set(call, since);
    this.#waiting.set(call, since);
    this.#schedule();
  }

  left(call: WaitingCall): void {
    this.#waiting.delete(call);
    if (this.#waiting.size === 0) this.stop();
  }

  absence(): unknown {
    return new OfflineError(
      "There is no connection, and this operation can't wait for one.",
      this.#lastFailure(),
    );
  }

  mayRepeat(): boolean {
    return this.#budget.take();
  }

  #schedule(): void {
    if (this.#cancelTimer || this.#maxAge === Number.POSITIVE_INFINITY) return;
    if (this.#waiting.size === 0) return;
    let oldest = Number.POSITIVE_INFINITY;
    for (const since of this.#waiting.values()) oldest = Math.min(oldest, since);
    const left = Math.max(0, oldest + this.#maxAge - this.#clock.now());
    this.#cancelTimer = this.#clock.after(left, () => this.#expire());
  }

  #expire(): void {
    this.#cancelTimer = undefined;
    const now = this.#clock.now();
    for (const [call, since] of this.#waiting) {
      // A call that waits for the second time may be older than those before it.
      if (now - since < this.#maxAge) continue;
      this.#waiting.delete(call);
      call.fail(
        new OfflineError(
          `The call waited ${this.#maxAge} ms for a connection, as offline.maxAge allows.`,
          this.#lastFailure(),
        ),
      );
    }
    this.#schedule();
  }

  /** Stops the timer. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
