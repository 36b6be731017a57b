import type { LimitOptionName } from "@capnweb/core";
import { CodedError, CodedSyntaxError, CodedTypeError } from "@capnweb/wire/coded";

/** Facts about the end of a connection besides its message. */
export interface WebSocketClosedErrorOptions extends ErrorOptions {
  /** The name of the option by which this side gave up the peer. */
  readonly limit?: LimitOptionName | undefined;
}

/** The connection under a session is gone. Pending calls fail with this error. */
export class WebSocketClosedError extends CodedError {
  readonly #closeCode: number;
  readonly #reason: string;
  readonly #limit: LimitOptionName | undefined;

  /**
   * @param closeCode the close code (RFC 6455, 7.4)
   * @param reason the close reason
   * @param options the cause, and the limit
   */
  constructor(
    message: string,
    closeCode: number,
    reason = "",
    options?: WebSocketClosedErrorOptions,
  ) {
    super(message, options);
    this.#closeCode = closeCode;
    this.#reason = reason;
    this.#limit = options?.limit;
  }

  /** The same for every error of this class. */
  get code(): "WEBSOCKET_CLOSED" {
    return "WEBSOCKET_CLOSED";
  }

  /** The peer's close code, or 1006 if the connection broke (RFC 6455, 7.4). */
  get closeCode(): number {
    return this.#closeCode;
  }

  /** The reason that the peer gave, or an empty string. */
  get reason(): string {
    return this.#reason;
  }

  /**
   * The name of the option by which this side gave up the peer, which learns it from the close
   * reason. `undefined` for other ends.
   */
  get limit(): LimitOptionName | undefined {
    return this.#limit;
  }
}

/**
 * The server answered the request for a WebSocket with an HTTP response. Only sockets of the `ws`
 * package show that response.
 */
export class WebSocketRefusedError extends CodedError {
  readonly #status: number;
  readonly #body: string;

  /**
   * @param url the URL without credentials and query
   * @param status the HTTP status of the response
   * @param body the beginning of the response's body
   */
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

  /** The HTTP status of the server's response. */
  get status(): number {
    return this.#status;
  }

  /** The beginning of the response's body, if it is text. */
  get body(): string {
    return this.#body;
  }
}

/**
 * There is no `WebSocket` to open a URL with, or no package `ws` to serve with. The message names
 * the remedy.
 */
export class NoWebSocketError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "NO_WEBSOCKET" {
    return "NO_WEBSOCKET";
  }

  constructor(
    message = "This runtime has no WebSocket. Import from @capnweb/transport-ws/node, or pass a " +
      "socket.",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A URL isn't one that a WebSocket can connect to. */
export class WebSocketUrlError extends CodedSyntaxError {
  /** The same for every error of this class. */
  get code(): "WEBSOCKET_URL" {
    return "WEBSOCKET_URL";
  }

  constructor(url: string | URL, cause: unknown) {
    super(`"${url}" isn't the URL of a WebSocket. Write ws://host/path.`, { cause });
  }
}

/** The error for a closed socket. Without a code, the connection broke. */
export function closedError(code = 1006, reason = ""): WebSocketClosedError {
  const said = [code, reason].join(" ").trim();
  const message = `Peer closed WebSocket: ${said}${HINTS[code] ?? ""}`;
  return new WebSocketClosedError(message, code, reason);
}

/** The remedy for messages that are too long. */
export const LESS =
  "Send less at once, or raise the receiver's limits.maxMessageSize and maxPayload.";

/** Explanations of close codes that need one. */
const HINTS: Readonly<Record<number, string>> = {
  1006: " (The connection broke. If the peer cut it, its onLimit or onError has the reason.)",
  1009: ` (A message is longer than the peer takes. ${LESS})`,
};

/** The error for a socket that failed. */
export function failedError(
  url: string | undefined,
  wasOpen: boolean,
  cause: unknown,
): WebSocketClosedError {
  let message = "WebSocket connection failed.";
  if (!wasOpen) {
    message +=
      ` Nothing answers at ${shown(url) ?? "its URL"} (is the server running?), or the server ` +
      'refused: check the path and its "origins" option.';
    // A standard socket says no more than this. The error of a socket of `ws` has a code.
    if ("process" in globalThis) message += " In Node, @capnweb/transport-ws/node says which.";
  }
  return new WebSocketClosedError(message, 1006, "", { cause });
}

// Errors by which this side ends a session. The messages are also the close reasons, which hold 123
// bytes.

/** The error for a socket that doesn't open in time. */
export function openTimeoutError(url: string | undefined, timeout: number): WebSocketClosedError {
  const where = shown(url) ?? "the peer";
  return gaveUp("openTimeout", `The WebSocket to ${where} didn't open within ${timeout} ms`, 1006);
}

/** The error for a peer that leaves too much data waiting. */
export function bufferedError(buffered: number): WebSocketClosedError {
  return gaveUp("maxBufferedAmount", `The peer reads too slowly: ${buffered} bytes wait`, 1008);
}

/** The error for a peer that answers no pings. */
export function silentError(most: number): WebSocketClosedError {
  return gaveUp("keepAlive", `The peer was silent for ${most} ms`, 1006);
}

/** The error for a peer that doesn't read. */
export function stalledError(most: number): WebSocketClosedError {
  return gaveUp("keepAlive", `The peer read nothing for ${most} ms`, 1006);
}

/** The error for a session without messages. */
export function idleError(timeout: number): WebSocketClosedError {
  return gaveUp("idleTimeout", `Neither side sent a message for ${timeout} ms`, 1001);
}

/** @param what the reason, which the option's name follows */
function gaveUp(limit: LimitOptionName, what: string, closeCode: number): WebSocketClosedError {
  return new WebSocketClosedError(`${what} (${limit}).`, closeCode, "", { limit });
}

/** A URL without its credentials and query, which mustn't appear in logs. */
export function shown(url: string | undefined): string | undefined {
  // React Native's URL lacks `canParse`, and the hosts of WebSockets.
  if (url === undefined || URL.canParse?.(url) !== true) return undefined;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function remedyFor(status: number): string {
  if (status === 404) return " Check the path of the URL.";
  if (status === 401) return " The server wants credentials: see the headers option.";
  if (status < 400) return " Is this the URL of a server of WebSockets?";
  return "";
}
