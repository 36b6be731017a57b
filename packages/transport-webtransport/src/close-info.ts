/**
 * The code and reason with which a WebTransport session is closed: any 32-bit number, and up to
 * 1,024 bytes of text, as in the W3C's `WebTransportCloseInfo`.
 */
export interface CloseInfo {
  /** The code, an unsigned 32-bit integer. */
  readonly closeCode: number;
  /** The reason, at most 1,024 bytes of UTF-8. */
  readonly reason: string;
}

/** Our close codes. They are those of WebSockets (RFC 6455, 7.4), so that both read alike. */
export const CLOSE_CODES = {
  /** The server is shutting down. */
  goingAway: 1001,
  /**
   * The peer sent bytes that aren't whole frames, or opened streams that the session doesn't use.
   */
  protocolError: 1002,
  /** The peer doesn't take the data sent to it, or takes too long for something. */
  policyViolation: 1008,
  /** The peer announced a message over the limit. */
  tooBig: 1009,
  /** The server failed to start the session. */
  internalError: 1011,
  /** The server has as many sessions as it accepts. */
  tryAgainLater: 1013,
  /** The session has ended. `capnweb` closes a WebSocket with the same code. */
  sessionEnded: 3000,
} as const;

/** Longest reason, in bytes. */
const LONGEST_REASON = 1024;

/**
 * The close info for an error, with its message as the reason: cut where it is too long, but not
 * inside a character.
 */
export function closeInfo(closeCode: number, error: unknown): CloseInfo {
  const text = error instanceof Error ? error.message : `${error as string}`;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(LONGEST_REASON));
  return { closeCode, reason: text.slice(0, read) };
}
