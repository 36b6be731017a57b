import { idleError, type WebSocketClosedError } from "./errors.ts";
import { Ticker } from "./ticker.ts";

/** The end comes after at most one of these parts more than the timeout. */
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

  /** A message was sent, or received. */
  used(): void {
    this.#idle = 0;
  }
}
