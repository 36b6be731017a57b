/**
 * Milliseconds that closing may take before the connection is cut. The library would wait for the
 * peer.
 */
export const CLOSE_TIMEOUT = 1_000;
