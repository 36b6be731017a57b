/** The connection under a session is gone. Pending calls fail with this error. */
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

/** The server answered the request for a WebSocket with an HTTP response. Only `ws` shows it. */
export class WebSocketRefusedError extends Error {
  readonly #status: number;
  readonly #body: string;

  constructor(url: string, status: number, body: string, options?: ErrorOptions) {
    const said = body ? `: ${body}` : ".";
    super(
      `${shown(url)} refused the WebSocket with status ${status}${said}${remedyFor(status)}`,
      options,
    );
    this.#status = status;
    this.#body = body;
  }

  /** The same for every error of this class. */
  get code(): "WEBSOCKET_REFUSED" {
    return "WEBSOCKET_REFUSED";
  }

  /** The status of the server's response. */
  get status(): number {
    return this.#status;
  }

  /** The beginning of the response's body, where that is text. */
  get body(): string {
    return this.#body;
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
  const hint = code === 1009 ? " (The message is longer than the peer takes: maxPayload.)" : "";
  return new WebSocketClosedError(`Peer closed WebSocket: ${code} ${reason}${hint}`, code, reason);
}

/** The error for a socket that failed. */
export function failedError(
  url: string | undefined,
  wasOpen: boolean,
  cause: unknown,
): WebSocketClosedError {
  const message = wasOpen
    ? "WebSocket connection failed."
    : `WebSocket connection failed. Nothing answers at ${shown(url) ?? "its URL"}, or the server refused the WebSocket: check the host and the path, and the server's "origins" option.`;
  return new WebSocketClosedError(message, 1006, "", { cause });
}

/** The error for a URL that `WebSocket` doesn't take. */
export function urlError(url: string | URL, cause: unknown): SyntaxError {
  const example = "ws://localhost:8080/api or wss://example.com/api";
  return new SyntaxError(`"${url}" isn't the URL of a WebSocket. Write it as ${example}.`, {
    cause,
  });
}

/** The error for a socket that doesn't open in time. */
export function openTimeoutError(url: string | undefined, timeout: number): WebSocketClosedError {
  return new WebSocketClosedError(
    `The WebSocket to ${shown(url) ?? "the peer"} didn't open within ${timeout} ms (openTimeout).`,
    1006,
  );
}

/** The error for a peer that lets too much wait. */
export function bufferedError(buffered: number): WebSocketClosedError {
  return new WebSocketClosedError(
    `The peer reads too slowly: ${buffered} bytes wait, more than maxBufferedAmount.`,
    1008,
  );
}

/** The error for a peer that answers no pings. */
export function silentError(timeout: number): WebSocketClosedError {
  return new WebSocketClosedError(
    `The peer was silent for ${timeout} ms (keepAlive.timeout).`,
    1006,
  );
}

/** The error for a peer that reads nothing. */
export function stalledError(timeout: number): WebSocketClosedError {
  return new WebSocketClosedError(
    `The peer read nothing for ${timeout} ms (keepAlive.timeout).`,
    1006,
  );
}

/** The error for a session that nobody uses. */
export function idleError(timeout: number): WebSocketClosedError {
  return new WebSocketClosedError(
    `Neither side sent a message for ${timeout} ms (idleTimeout).`,
    1001,
  );
}

/** A URL without its credentials and query, which have no place in logs. */
function shown(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function remedyFor(status: number): string {
  if (status === 404) return " Check the path of the URL.";
  if (status === 401) return " The server wants credentials: see the headers option.";
  if (status < 400) return " Is this the URL of a server of WebSockets?";
  return "";
}
