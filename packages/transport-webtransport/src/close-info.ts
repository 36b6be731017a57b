/** What a WebTransport session is closed with: any 32-bit number, and up to 1,024 bytes of text. */
export interface CloseInfo {
  readonly closeCode: number;
  readonly reason: string;
}

/**
 * An application's close codes here are those of WebSockets (RFC 6455, 7.4), so that both are read
 * alike.
 */
export const CLOSE_CODES = {
  /** The server is shutting down. */
  goingAway: 1001,
  /** The peer sent what isn't of whole frames, or opened streams that nobody asked for. */
  protocolError: 1002,
  /** The peer doesn't take what it is sent, or takes too long for something. */
  policyViolation: 1008,
  /** The peer announced a message over the limit. */
  tooBig: 1009,
  /** The server failed to start the session. */
  internalError: 1011,
  /** The server has as many sessions as it takes. */
  tryAgainLater: 1013,
  /** The session has ended; as `capnweb` closes a WebSocket. */
  sessionEnded: 3000,
} as const;

/** Longest reason, in bytes. */
const LONGEST_REASON = 1024;

/**
 * An error's message as the reason of a close: cut where it is too long, but not inside a
 * character.
 */
export function closeInfo(closeCode: number, error: unknown): CloseInfo {
  const text = error instanceof Error ? error.message : `${error as string}`;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(LONGEST_REASON));
  return { closeCode, reason: text.slice(0, read) };
}
