import { isTurnOver, turnForWork } from "./turns.ts";

/**
 * Pieces of work that are done in order. Each turn of the event loop does as many as it has time
 * for.
 */
export class TurnQueue {
  #waiting: (() => void)[] = [];

  /**
   * Does a piece of work, now or in a later turn.
   *
   * @param work never throws
   */
  run(work: () => void): void {
    if (this.#waiting.length === 0 && !isTurnOver()) {
      work();
      return;
    }
    this.#waiting.push(work);
    if (this.#waiting.length === 1) void this.#goOn();
  }

  async #goOn(): Promise<void> {
    for (let next = 0; next < this.#waiting.length; next++) {
      await turnForWork();
      this.#waiting[next]!();
    }
    this.#waiting = [];
  }
}
