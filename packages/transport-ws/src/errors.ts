/** The connection under a session is gone; what was pending fails with this. */
export class WebSocketClosedError extends Error {
  readonly #close: CloseDetails;

  constructor(message: string, details: CloseDetails, options?: ErrorOptions) {
    super(message, options);
    this.#close = details;
  }

  get code(): "WEBSOCKET_CLOSED" {
    return "WEBSOCKET_CLOSED";
  }

  /** The close code of the peer, 1006 if the connection broke; see RFC 6455, 7.4. */
  get closeCode(): number {
    return this.#close.code;
  }

  /** The reason that the peer gave; empty if none. */
  get reason(): string {
    return this.#close.reason;
  }
}

export interface CloseDetails {
  readonly code: number;
  readonly reason: string;
}

/** The error for a `close` event. */
export function closedError({ code, reason }: CloseDetails): WebSocketClosedError {
  return new WebSocketClosedError(`Peer closed WebSocket: ${code} ${reason}`, { code, reason });
}

/** The error for an `error` event: the connection failed, or was never made. */
export function failedError(cause: unknown): WebSocketClosedError {
  return new WebSocketClosedError(
    "WebSocket connection failed.",
    { code: 1006, reason: "" },
    { cause },
  );
}

/** The error for a peer that doesn't read what it is sent. */
export function stalledError(buffered: number, allowed: number): WebSocketClosedError {
  return new WebSocketClosedError(
    `The WebSocket peer reads too slowly: ${buffered} bytes wait to be sent, ` +
      `and maxBufferedAmount allows ${allowed}.`,
    { code: 1008, reason: "" },
  );
}
