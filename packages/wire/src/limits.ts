/**
 * What a receiver is ready to take from a peer. Limits are the receiver's own affair: the protocol
 * does not negotiate them, and going over one aborts the session.
 */
export interface Limits {
  /** Most decimal digits of a `bigint`. Default 16,384. */
  readonly maxBigIntDigits: number;
  /** Deepest nesting of a message's expressions. Default 256. */
  readonly maxDepth: number;
  /** Longest message text, in UTF-16 code units, looked at before parsing. Default 32 Mi. */
  readonly maxMessageSize: number;
}

/** The nesting depth at which encoding and decoding stop, unless a session sets another. */
export const DEFAULT_MAX_DEPTH = 256;

/** The limits in force where a session sets none. */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxBigIntDigits: 16_384,
  maxDepth: DEFAULT_MAX_DEPTH,
  maxMessageSize: 32 * 1024 * 1024,
});
