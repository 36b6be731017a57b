/**
 * Parts of the timeout after which the timer looks. The timeout is exceeded by one part at most.
 */
const PARTS = 4;

/**
 * Notices a session that carries no messages. It counts ticks, so that a message costs one
 * assignment, and so that a process that was stopped doesn't take that time for its peer's silence.
 */
export class IdleTimer {
  readonly #timer: ReturnType<typeof setInterval>;
  #ticks = 0;

  /** @param timeout milliseconds @param onIdle called once */
  constructor(timeout: number, onIdle: () => void) {
    this.#timer = setInterval(() => {
      if (++this.#ticks <= PARTS) return;
      this.stop();
      onIdle();
    }, timeout / PARTS);
    // Node's timers keep the process running, which is for the connection to do.
    (this.#timer as { unref?(): void }).unref?.();
  }

  /** A message was sent, or came. */
  touch(): void {
    this.#ticks = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
