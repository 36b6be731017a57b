/** Wakes the tasks that wait for a condition, whenever it may have come true. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  /** Has every waiting task look again. */
  announce(): void {
    for (const look of this.#waiting) look();
    this.#waiting.clear();
  }

  /**
   * Waits until `isTrue()` holds, for at most `timeout` milliseconds.
   *
   * @returns whether it holds
   */
  async wait(isTrue: () => boolean, timeout: number): Promise<boolean> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.announce();
    }, timeout);
    while (!isTrue() && !isLate) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    clearTimeout(timer);
    return isTrue();
  }
}
