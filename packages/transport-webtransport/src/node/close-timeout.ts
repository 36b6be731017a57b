/**
 * Milliseconds that closing may take before the connection is cut: the library waits for the peer.
 */
export const CLOSE_TIMEOUT = 1_000;
