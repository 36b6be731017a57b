/** A call, or a group of calls, that an aborted signal or the end of a surrounding call cancels. */
export interface Cancelable {
  /** Fails with `reason`. Never throws. */
  fail(reason: unknown): void;
}

/** The watches of the signals that calls wait for. */
const watches = new WeakMap<AbortSignal, AbortWatch>();

/**
 * Cancels everything that waits for a signal when it aborts. The signal has a single listener while
 * anything waits, because it may live as long as the process.
 */
export class AbortWatch {
  readonly #signal: AbortSignal;
  readonly #members = new Set<Cancelable>();
  readonly #onAbort = () => {
    // The failure of one may end others.
    for (const member of this.#members) {
      this.#members.delete(member);
      member.fail(this.#signal.reason);
    }
    this.#signal.removeEventListener("abort", this.#onAbort);
  };

  /** The watch of a signal, the same each time. */
  static of(signal: AbortSignal): AbortWatch {
    let watch = watches.get(signal);
    if (!watch) {
      watch = new AbortWatch(signal);
      watches.set(signal, watch);
    }
    return watch;
  }

  private constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(member: Cancelable): void {
    if (this.#members.size === 0) this.#signal.addEventListener("abort", this.#onAbort);
    this.#members.add(member);
  }

  /** Stops the listener. Idempotent. */
  remove(member: Cancelable): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
