import { disposeValue } from "./dispose-value.ts";

/** The result of a call, while it is waited for and later. */
export type EntryState<T> =
  | { readonly status: "pending" }
  | { readonly status: "done"; readonly value: T }
  | { readonly status: "failed"; readonly error: unknown };

/** A result in the cache. It owns the result, and disposes of it when no component uses it. */
export class Entry<T = unknown> {
  /**
   * Settles when the result is there, and never rejects. A native promise, because React sets
   * properties of promises, which on those of calls would be calls.
   */
  readonly settled: Promise<void>;
  readonly #call: unknown;
  readonly #keepUnused: number;
  readonly #mayGo: () => boolean;
  #state: EntryState<T> = { status: "pending" };
  #users = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRetired = false;
  #isDisposed = false;

  /**
   * @param load makes the call
   * @param keepUnused milliseconds for which the result is kept without a user
   * @param mayGo called when this time is over. False keeps the result for as long again
   */
  constructor(load: () => unknown, keepUnused: number, mayGo: () => boolean) {
    this.#keepUnused = keepUnused;
    this.#mayGo = mayGo;
    try {
      this.#call = load();
    } catch (error) {
      this.#state = { status: "failed", error };
    }
    this.settled = this.#settle();
  }

  get state(): EntryState<T> {
    return this.#state;
  }

  /**
   * Counts a component that uses the result.
   *
   * @returns a function that ends the use. Idempotent
   */
  use(): () => void {
    this.#users++;
    clearTimeout(this.#timer);
    let isUsed = true;
    return () => {
      if (!isUsed) return;
      isUsed = false;
      if (--this.#users === 0) this.#wait();
    };
  }

  /**
   * Disposes of the result as soon as no component uses it. One that has just been rendered counts
   * only once its effects have run.
   */
  retire(): void {
    this.#isRetired = true;
    if (this.#state.status === "pending") this.#dispose();
    else if (this.#users === 0) this.#startTimer(this.#keepUnused);
  }

  async #settle(): Promise<void> {
    if (this.#state.status === "pending") {
      try {
        // Boxed, because a stub is a function, and must not be taken for one that makes a state.
        this.#state = { status: "done", value: (await this.#call) as T };
      } catch (error) {
        this.#state = { status: "failed", error };
      }
    }
    if (this.#isDisposed) this.#disposeResult();
    else if (this.#users === 0) this.#wait();
  }

  /**
   * A component that suspends comes back soon. One that StrictMode mounts twice comes back at once,
   * also to a result that was invalidated meanwhile.
   */
  #wait(): void {
    this.#startTimer(this.#isRetired ? 0 : this.#keepUnused);
  }

  #startTimer(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#isRetired || this.#mayGo()) this.#dispose();
      else this.#wait();
    }, delay);
  }

  #dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#disposeResult();
  }

  #disposeResult(): void {
    if (this.#state.status === "done") disposeValue(this.#state.value);
    else if (this.#state.status === "pending") disposeValue(this.#call);
  }
}
