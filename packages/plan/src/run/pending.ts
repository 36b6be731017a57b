import { Failed } from "../values/failed.ts";
import { Wait } from "./wait.ts";

/** A call under way. */
export class Pending extends Wait {
  readonly done: Promise<void>;
  /** The result, or the failure, once it {@link isSettled}. */
  outcome: unknown;
  isSettled = false;
  /** The promise of the call's result. Disposing of it cancels the call. */
  readonly promise: PromiseLike<unknown>;

  /**
   * @param step the number of the step that made the call
   * @param take receives the outcome of the promise, and returns that of the step. A promise of it
   *   never rejects
   */
  constructor(
    promise: PromiseLike<unknown>,
    step: number | undefined,
    take: (call: Pending, outcome: unknown) => unknown,
  ) {
    super();
    this.promise = promise;
    const settle = (outcome: unknown): void | Promise<void> => {
      const taken = take(this, outcome);
      if (taken instanceof Promise) return taken.then((large) => this.#keep(large));
      this.#keep(taken);
    };
    this.done = promise.then(settle, (error) => settle(new Failed(error, step))) as Promise<void>;
  }

  #keep(outcome: unknown): void {
    this.outcome = outcome;
    this.isSettled = true;
  }
}
