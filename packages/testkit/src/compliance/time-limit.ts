import { turns } from "../turns.ts";
import { ComplianceError } from "./expectations.ts";

/**
 * Bounds the time of a test. Some runners have no limit of their own, and none knows the event that
 * a test waits for.
 */
export class TimeLimit {
  readonly #timeout: number;
  #what: string;
  #isOver = false;

  /**
   * @param timeout milliseconds
   * @param what names the first event that is waited for
   */
  constructor(timeout: number, what: string) {
    this.#timeout = timeout;
    this.#what = what;
  }

  /** @throws ComplianceError if `run` takes too long. It names the awaited event */
  async during<T>(run: () => Promise<T> | T): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#isOver = true;
        reject(new ComplianceError(`Waited ${this.#timeout} ms in vain for ${this.#what}.`));
      }, this.#timeout);
    });
    try {
      return await Promise.race([Promise.resolve().then(run), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits for a promise, under a name. */
  async await<T>(what: string, promise: PromiseLike<T>): Promise<T> {
    const outer = this.#what;
    this.#what = what;
    try {
      return await promise;
    } finally {
      if (!this.#isOver) this.#what = outer;
    }
  }

  /** Waits until `condition` holds. */
  until(what: string, condition: () => boolean): Promise<void> {
    return this.await(what, this.#poll(condition));
  }

  async #poll(condition: () => boolean): Promise<void> {
    // Otherwise a failed test would keep the process alive.
    while (!this.#isOver && !condition()) await turns(1);
  }
}
