/** Ticks per timeout. A session outlives its timeout by at most one tick. */
const PARTS = 4;

/**
 * Notices a session that carries no messages. Counts ticks, so that a message costs one assignment,
 * and so that a process that was stopped doesn't mistake that time for its peer's silence.
 */
export class IdleTimer {
  readonly #timer: ReturnType<typeof setInterval>;
  #ticks = 0;

  /**
   * @param timeout milliseconds
   * @param onIdle called once
   */
  constructor(timeout: number, onIdle: () => void) {
    this.#timer = setInterval(() => {
      if (++this.#ticks <= PARTS) return;
      this.stop();
      onIdle();
    }, timeout / PARTS);
    // The connection keeps a process of Node running as long as it should; a timer mustn't.
    (this.#timer as { unref?(): void }).unref?.();
  }

  /** Notes that a message was sent or received. */
  touch(): void {
    this.#ticks = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
