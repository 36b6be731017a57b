import { idleError, type WebSocketClosedError } from "./errors.ts";
import { Ticker } from "./ticker.ts";

/** Ticks per timeout. A session outlives its timeout by at most one tick. */
const PARTS = 4;

/** Ends a session in which neither side has sent a message for some time. */
export class IdleWatch {
  readonly #ticker: Ticker;
  #idle = 0;

  /** @param timeout milliseconds */
  constructor(timeout: number, giveUp: (reason: WebSocketClosedError) => void) {
    this.#ticker = new Ticker(timeout / PARTS, () => {
      if (this.#idle++ >= PARTS) giveUp(idleError(timeout));
    });
  }

  start(): void {
    this.#ticker.start();
  }

  stop(): void {
    this.#ticker.stop();
  }

  /** Notes that a message was sent or received. */
  used(): void {
    this.#idle = 0;
  }
}
