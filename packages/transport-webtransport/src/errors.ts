import type { LimitOptionName } from "@capnweb/core";
import { CodedError, CodedTypeError } from "@capnweb/wire/coded";
import { CLOSE_CODES, type CloseInfo } from "./close-info.ts";

/** Facts about the end of a connection besides its message. */
export interface WebTransportClosedErrorOptions extends ErrorOptions {
  /** The code and reason with which the session was closed. */
  readonly close?: CloseInfo | undefined;
  /** The name of the option by which this side gave up the peer. */
  readonly limit?: LimitOptionName | undefined;
  /** The server's answer that refused the session. */
  readonly refusal?: RefusedRequestError | undefined;
}

/** The server refused the request for a session. */
export class RefusedRequestError extends Error {
  readonly status: number;
  readonly reason: string;

  /** @param reason text of the server; empty if it gave none */
  constructor(status: number, reason: string, options?: ErrorOptions) {
    const why = reason === "" ? "." : `: ${reason}`;
    super(`The server answered the request for a session with status ${status}${why}`, options);
    this.status = status;
    this.reason = reason;
  }
}

/**
 * The connection under a session is gone, or was never made. Pending calls fail with this error.
 */
export class WebTransportClosedError extends CodedError {
  readonly #close: CloseInfo | undefined;
  readonly #limit: LimitOptionName | undefined;
  readonly #refusal: RefusedRequestError | undefined;

  /** @param options the cause, the close info, and the limit */
  constructor(message: string, options?: WebTransportClosedErrorOptions) {
    super(message, options);
    this.#close = options?.close;
    this.#limit = options?.limit;
    this.#refusal = options?.refusal;
  }

  /** The same for every error of this class. */
  get code(): "WEBTRANSPORT_CLOSED" {
    return "WEBTRANSPORT_CLOSED";
  }

  /** The code with which either side closed the session; `undefined` if the connection broke. */
  get closeCode(): number | undefined {
    return this.#close?.closeCode;
  }

  /** The reason that came with the close code or with the refusal, or an empty string. */
  get reason(): string {
    return this.#refusal?.reason ?? this.#close?.reason ?? "";
  }

  /**
   * The HTTP status with which the server refused the session. `undefined` for other ends, and
   * where the client doesn't tell: over HTTP/3, and in browsers.
   */
  get status(): number | undefined {
    return this.#refusal?.status;
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
 * There is no WebTransport to open or serve a session with. The message says which package to
 * install or which entry to import.
 */
export class NoWebTransportError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "NO_WEBTRANSPORT" {
    return "NO_WEBTRANSPORT";
  }
}

/** The peer ended the stream, as it does once the RPC session is over for it. */
export function endedError(): WebTransportClosedError {
  return new WebTransportClosedError("The peer ended the WebTransport session.", {
    close: { closeCode: CLOSE_CODES.sessionEnded, reason: "" },
  });
}

/** The peer closed the session. */
export function closedError(close: CloseInfo): WebTransportClosedError {
  return new WebTransportClosedError(
    `The peer closed the WebTransport session: ${close.closeCode} ${close.reason}`,
    { close },
  );
}

/** The connection broke. */
export function lostError(cause: unknown): WebTransportClosedError {
  return new WebTransportClosedError("The WebTransport connection was lost.", { cause });
}

/** The session or its stream couldn't be opened. */
export function openingError(cause: unknown): WebTransportClosedError {
  const refusal = cause instanceof RefusedRequestError ? cause : undefined;
  const message = "The WebTransport session could not be opened.";
  return new WebTransportClosedError(message, { cause, refusal });
}

/** Opening took too long. */
export function openingTimedOut(milliseconds: number): WebTransportClosedError {
  return new WebTransportClosedError(
    `The WebTransport session was not open after ${milliseconds} ms (openTimeout).`,
    { close: { closeCode: CLOSE_CODES.policyViolation, reason: "" }, limit: "openTimeout" },
  );
}

/** The peer opened the stream, but then sent nothing on it. */
export function speechlessError(milliseconds: number): WebTransportClosedError {
  return gaveUp(
    "openTimeout",
    `The peer sent nothing in the first ${milliseconds} ms of the session (openTimeout).`,
  );
}

/** A peer that keeps its connection alive sent nothing. */
export function silentError(milliseconds: number): WebTransportClosedError {
  return gaveUp(
    "keepAlive",
    `The peer has sent nothing for ${milliseconds} ms: it is stopped, or gone (keepAlive).`,
  );
}

/** The peer didn't take a write in time. */
export function stalledError(milliseconds: number): WebTransportClosedError {
  return gaveUp(
    "keepAlive",
    `The peer has read nothing for ${milliseconds} ms: it is stopped, or gone (keepAlive).`,
  );
}

/** The session carried no message. */
export function idleError(milliseconds: number): WebTransportClosedError {
  return gaveUp(
    "idleTimeout",
    `The session has carried no message for ${milliseconds} ms (idleTimeout).`,
  );
}

/** The peer asks for data faster than it reads them. */
export function tooSlowError(buffered: number, allowed: number): WebTransportClosedError {
  return gaveUp(
    "maxBufferedAmount",
    `The peer reads too slowly: ${buffered} bytes wait to be sent, and maxBufferedAmount allows ` +
      `${allowed}.`,
  );
}

/** The error for an end that this side chose, because of what the peer does or fails to do. */
function gaveUp(limit: LimitOptionName, message: string): WebTransportClosedError {
  return new WebTransportClosedError(message, {
    limit,
    close: { closeCode: CLOSE_CODES.policyViolation, reason: message },
  });
}
