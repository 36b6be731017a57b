/** The connection under a session is gone; what was pending fails with this. */
export class WebSocketClosedError extends Error {
  readonly #closeCode: number;
  readonly #reason: string;

  constructor(message: string, closeCode: number, reason = "", options?: ErrorOptions) {
    super(message, options);
    this.#closeCode = closeCode;
    this.#reason = reason;
  }

  get code(): "WEBSOCKET_CLOSED" {
    return "WEBSOCKET_CLOSED";
  }

  /** The close code of the peer, 1006 if the connection broke; see RFC 6455, 7.4. */
  get closeCode(): number {
    return this.#closeCode;
  }

  /** The reason that the peer gave; empty if none. */
  get reason(): string {
    return this.#reason;
  }
}

/** The error for a socket that is closed. Without a code, the connection broke. */
export function closedError(code = 1006, reason = ""): WebSocketClosedError {
  return new WebSocketClosedError(`Peer closed WebSocket: ${code} ${reason}`, code, reason);
}
