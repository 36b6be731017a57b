/** The connection under a session is gone; what was pending fails with this. */
export class WebSocketClosedError extends Error {
  readonly #closeCode: number;
  readonly #reason: string;

  constructor(message: string, closeCode: number, reason = "", options?: ErrorOptions) {
    super(message, options);
    this.#closeCode = closeCode;
    this.#reason = reason;
  }

  /** The same for every error of this class. */
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

/** A URL was given where the runtime has no `WebSocket` to open it with. */
export class NoWebSocketError extends TypeError {
  /** The same for every error of this class. */
  get code(): "NO_WEBSOCKET" {
    return "NO_WEBSOCKET";
  }

  constructor() {
    super("This runtime has no WebSocket. Import from @capnweb/transport-ws/node.");
  }
}

/** The error for a socket that is closed. Without a code, the connection broke. */
export function closedError(code = 1006, reason = ""): WebSocketClosedError {
  return new WebSocketClosedError(`Peer closed WebSocket: ${code} ${reason}`, code, reason);
}
