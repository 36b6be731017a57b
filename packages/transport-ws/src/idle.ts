import { idleError, type WebSocketClosedError } from "./errors.ts";
import { Ticker } from "./ticker.ts";

/** Ends a session in which neither side has sent a message for some time. */
export class IdleWatch extends Ticker {
  #idle = 0;

  /** @param timeout milliseconds */
  constructor(timeout: number, giveUp: (reason: WebSocketClosedError) => void) {
    // Ticks per timeout. A session outlives its timeout by at most one tick.
    const PARTS = 4;
    super(timeout / PARTS, () => {
      if (this.#idle++ >= PARTS) giveUp(idleError(timeout));
    });
  }

  /** Notes that a message was sent or received. */
  used(): void {
    this.#idle = 0;
  }
}
