import type { LimitOptionName } from "@capnweb/core";

/** Facts about the end of a connection besides its message. */
export interface WebSocketClosedErrorOptions extends ErrorOptions {
  readonly limit?: LimitOptionName | undefined;
}

/** The connection under a session is gone. Pending calls fail with this error. */
export class WebSocketClosedError extends Error {
  readonly #closeCode: number;
  readonly #reason: string;
  readonly #limit: LimitOptionName | undefined;

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

  /** The close code of the peer, 1006 if the connection broke; see RFC 6455, 7.4. */
  get closeCode(): number {
    return this.#closeCode;
  }

  /** The reason that the peer gave; empty if none. */
  get reason(): string {
    return this.#reason;
  }

  /** The name of this side's option by which it gave up the peer. The peer is told it in `reason`. */
  get limit(): LimitOptionName | undefined {
    return this.#limit;
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

/** There is no `WebSocket` to open a URL with, or no package `ws` to serve with. The message has the remedy. */
export class NoWebSocketError extends TypeError {
  /** The same for every error of this class. */
  get code(): "NO_WEBSOCKET" {
    return "NO_WEBSOCKET";
  }

  constructor(
    message = "This runtime has no WebSocket, as Node 20 has none. Import newWebSocketRpcSession from " +
      "@capnweb/transport-ws/node, or install ws and pass a socket: new WebSocket(url).",
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The error for a socket that is closed. Without a code, the connection broke. */
export function closedError(code = 1006, reason = ""): WebSocketClosedError {
  const said = [code, reason].join(" ").trim();
  const message = `Peer closed WebSocket: ${said}${HINTS[code] ?? ""}`;
  return new WebSocketClosedError(message, code, reason);
}

/** Facts that a close code alone doesn't tell. */
const HINTS: Readonly<Record<number, string>> = {
  1006:
    " (The connection broke. The peer's process or the network is gone, or the peer cut it, for reading " +
    "too slowly for example: see its onLimit and onError.)",
  1009:
    " (A message is longer than the peer takes. Send less in one call, or a stream, or raise the peer's " +
    "limits.maxMessageSize; limits.maxFrameSize and maxPayload follow it.)",
};

/** The error for a socket that failed. */
export function failedError(
  url: string | undefined,
  wasOpen: boolean,
  cause: unknown,
): WebSocketClosedError {
  const options = { cause };
  if (wasOpen) {
    if (codeOf(cause) === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return payloadError(cause);
    return new WebSocketClosedError("WebSocket connection failed.", 1006, "", options);
  }
  const where = shown(url) ?? "the WebSocket's URL";
  const message = NETWORK[codeOf(cause) ?? ""]?.(where);
  return new WebSocketClosedError(
    message
      ? `${message} (${codeOf(cause)})`
      : `WebSocket connection failed. Either nothing answers at ${where} (is the server running?), or the ` +
          `server refused the WebSocket: check the path, and the server's "origins" option.${tellsMore(cause)}`,
    1006,
    "",
    options,
  );
}

/** The errors of the network that say for certain why nothing answers. Only `ws` shows them. */
const NETWORK: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: (where) =>
    `Nothing listens at ${where}. Is the server running, and are host and port right?`,
  ENOTFOUND: (where) => `There is no host of that name: ${where}.`,
};

/** The socket of Node itself says least. */
function tellsMore(cause: unknown): string {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  if (!process?.versions?.node || codeOf(cause) !== undefined) return "";
  return " Sockets of @capnweb/transport-ws/node say which.";
}

function codeOf(cause: unknown): string | undefined {
  const { code, errors } = (cause ?? {}) as { code?: unknown; errors?: readonly unknown[] };
  if (typeof code === "string") return code;
  // One for each address of the host.
  return errors?.length ? codeOf(errors[0]) : undefined;
}

/** The error for a message of the peer's that is too long to be read. */
function payloadError(cause: unknown): WebSocketClosedError {
  return new WebSocketClosedError(
    "A message of the peer's is longer than maxPayload, which follows limits.maxMessageSize and " +
      "limits.maxFrameSize. Raise limits.maxMessageSize here, or have the peer send less at a time.",
    1009,
    "",
    { cause, limit: "maxPayload" },
  );
}

/** The error for a URL that `WebSocket` doesn't take. */
export function urlError(url: string | URL, cause: unknown): SyntaxError {
  const example = "ws://localhost:8080/api or wss://example.com/api";
  return new SyntaxError(`"${url}" isn't the URL of a WebSocket. Write it as ${example}.`, {
    cause,
  });
}

// What this side ends a session for. The messages are the reasons that the peer gets, in 123 bytes.

/** The error for a socket that doesn't open in time. */
export function openTimeoutError(url: string | undefined, timeout: number): WebSocketClosedError {
  const where = shown(url) ?? "the peer";
  return gaveUp(
    "openTimeout",
    `The WebSocket to ${where} didn't open within ${timeout} ms (openTimeout).`,
    1006,
  );
}

/** The error for a peer that lets too much wait. */
export function bufferedError(buffered: number): WebSocketClosedError {
  return gaveUp(
    "maxBufferedAmount",
    `The peer reads too slowly: ${buffered} bytes wait, more than maxBufferedAmount.`,
    1008,
  );
}

/** The error for a peer that answers no pings. */
export function silentError(timeout: number): WebSocketClosedError {
  return gaveUp("keepAlive", `The peer was silent for ${timeout} ms (keepAlive.timeout).`, 1006);
}

/** The error for a peer that reads nothing. */
export function stalledError(timeout: number): WebSocketClosedError {
  return gaveUp("keepAlive", `The peer read nothing for ${timeout} ms (keepAlive.timeout).`, 1006);
}

/** The error for a session in which nothing is said. */
export function idleError(timeout: number): WebSocketClosedError {
  return gaveUp(
    "idleTimeout",
    `Neither side sent a message for ${timeout} ms (idleTimeout).`,
    1001,
  );
}

function gaveUp(limit: LimitOptionName, message: string, closeCode: number): WebSocketClosedError {
  return new WebSocketClosedError(message, closeCode, "", { limit });
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
