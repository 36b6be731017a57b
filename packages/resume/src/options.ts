import type { EncodingLevel, ErrorListener, Transport } from "@capnweb/core";
import type { BackoffOptions } from "./backoff.ts";
import type { Clock } from "./clock.ts";

/** The circumstances of an attempt to connect. */
export interface OpenOptions {
  /** Aborted when the attempt is given up. Close what is half open then. */
  readonly signal: AbortSignal;
  /** 0 for the first attempt after a loss, or after the start; then 1, 2, … */
  readonly attempt: number;
}

/**
 * Opens a connection.
 *
 * @returns a transport that isn't started yet, which the caller owns from now on
 * @throws an error of the attempt. Another one follows, unless `shouldRetry` forbids it
 */
export type OpenTransport = (options: OpenOptions) => Transport | Promise<Transport>;

/**
 * The states of a resumable session's connecting side (docs/resume.md has the table).
 *
 * - `"connecting"`: there was no connection yet
 * - `"open"`: there is a connection
 * - `"interrupted"`: the connection is gone, and attempts to connect go on
 * - `"closed"`: the session is over
 */
export type ResumeState = "connecting" | "open" | "interrupted" | "closed";

/**
 * The peer's knowledge of `resume`: `"unknown"` until it has said something, and `"plain"` if it
 * has none.
 */
export type PeerKind = "unknown" | "plain" | "resumable";

/** A change of the state. */
export interface ResumeStateChange {
  /** The state from now on. */
  readonly state: ResumeState;
  /**
   * The end of an outage: `"resumed"` with state `"open"`, and `"fresh"` (the peer no longer has
   * the session) or `"closed"` with state `"closed"`. `undefined` for other changes.
   */
  readonly outcome: "resumed" | "fresh" | "closed" | undefined;
  /** Names the process or object that accepts; `undefined` until it has told. */
  readonly epoch: string | undefined;
  /** The error of the connection that was lost, or the reason for the end. */
  readonly error?: unknown;
}

/** A peer's request to leave, because it is about to stop. */
export interface Goaway {
  /** Milliseconds after which the peer closes the connection. */
  readonly deadline: number;
}

/** Options of both sides of a resumable session. */
export interface BufferOptions {
  /**
   * Bytes of sent messages that the peer hasn't acknowledged, above which streams hold back and
   * {@link ResumingTransport.isFull} is true. Texts count one byte per UTF-16 code unit. Streams
   * carry at most this much per round trip. Default 1 MiB.
   */
  readonly buffer?: number | undefined;
  /**
   * Bytes of such messages above which the session ends without a connection
   * (`"RESUME_BUFFER_FULL"`). The largest message doesn't count. With a connection, the oldest
   * messages are dropped there instead. The session then ends only if the connection breaks before
   * the peer has acknowledged them. Default: 16 MiB at the connecting side, and twice the `buffer`
   * at the accepting side.
   */
  readonly maxBuffered?: number | undefined;
  /** Receives the errors of listeners. By default, they are reported as uncaught. */
  readonly onError?: ErrorListener | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** Options of a {@link ResumingTransport}. */
export interface ResumeOptions extends BufferOptions {
  /**
   * Milliseconds without a connection after which the session ends (`"RESUME_EXPIRED"`). Applies to
   * the first connection too. The accepting side may shorten it. Default 120,000.
   */
  readonly window?: number | undefined;
  /** Pauses between attempts to connect. */
  readonly backoff?: BackoffOptions | undefined;
  /**
   * Milliseconds in which an attempt has to succeed: to open, and to be answered when it resumes.
   * Default 10,000.
   */
  readonly attemptTimeout?: number | undefined;
  /**
   * The encoding level of all connections. Default: that of the first one, if `open` returns it
   * without a promise; otherwise `"string"`.
   */
  readonly encodingLevel?: EncodingLevel | undefined;
  /**
   * True if the connections carry binary frames. Default: as the first one does, if `open` returns
   * it without a promise; otherwise true at level `"string"`.
   */
  readonly isBinary?: boolean | undefined;
  /** Ends the session when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Decides about another attempt after an error of `open`. Default: true, unless it is a
   * `SyntaxError`, such as that of a malformed URL.
   *
   * @param attempt the number of the attempt, as `open` had it
   */
  shouldRetry?(error: unknown, attempt: number): boolean;
  /** Called after each change of the state. */
  onStateChange?(change: ResumeStateChange): void;
  /** Called when the peer asks this side to leave. */
  onGoaway?(goaway: Goaway): void;
}
