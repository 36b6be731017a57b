/** Something that an aborted signal, or the end of a call around it, cancels. */
export interface Cancelable {
  /** Fails because of `reason`. Never throws. */
  fail(reason: unknown): void;
}

/** The watches of the signals that something waits for. */
const watches = new WeakMap<AbortSignal, AbortWatch>();

/**
 * Cancels everything that waits for a signal when it aborts. The signal has one listener as long as
 * anything waits, however much does: it may live as long as the process.
 */
export class AbortWatch {
  readonly #signal: AbortSignal;
  readonly #members = new Set<Cancelable>();
  readonly #onAbort = () => {
    // Failing one may end others.
    for (const member of this.#members) {
      this.#members.delete(member);
      member.fail(this.#signal.reason);
    }
    this.#signal.removeEventListener("abort", this.#onAbort);
  };

  /** The watch of a signal: the same one each time. */
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

  /** Idempotent. */
  remove(member: Cancelable): void {
    if (!this.#members.delete(member) || this.#members.size > 0) return;
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
