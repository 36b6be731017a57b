import type { Side } from "../transcript/transcript.ts";

/**
 * The end of a connection through the proxy:
 *
 * - `"close"`: both sides get everything that was forwarded, and then the end of the stream (FIN)
 * - `"reset"`: both sides get a reset (RST), which may overtake data that they haven't read yet
 * - `"stall"`: nothing ends, but nothing is forwarded any more, as when a machine is stopped or a
 *   network drops packets
 * - `"half-close"`: the stream in the cut's direction ends, and the other one goes on
 */
export type CutKind = "close" | "reset" | "stall" | "half-close";

/** The kinds of a {@link CutKind}. */
export const CUT_KINDS: readonly CutKind[] = ["close", "reset", "stall", "half-close"];

/**
 * A point in the bytes that one side sends, and the event there. Give either `afterBytes` or
 * `message`.
 *
 * @example
 * ```ts
 * // The server's third WebSocket message arrives in part, and then the connection is reset.
 * const cut: ProxyCut = { from: "server", message: 3, at: "within", kind: "reset" };
 * ```
 */
export interface ProxyCut {
  /** The side whose bytes are counted. */
  readonly from: Side;
  /** The number of bytes that are forwarded, those of HTTP's and TLS's handshakes included. */
  readonly afterBytes?: number | undefined;
  /** The number of a WebSocket message, from 1. Control frames and HTTP's handshake don't count. */
  readonly message?: number | undefined;
  /**
   * The place with regard to `message`. Default `"after"`:
   *
   * - `"before"`: when the message arrives at the proxy, which forwards nothing of it
   * - `"within"`: when the frame's head and half of its payload were forwarded
   * - `"after"`: at once when the message was forwarded
   */
  readonly at?: "before" | "within" | "after" | undefined;
  /** The event. Default `"close"`, so that everything that was forwarded arrives. */
  readonly kind?: CutKind | undefined;
}

/**
 * Checks a cut.
 *
 * @throws TypeError for a cut without a place
 */
export function checkCut(cut: ProxyCut): void {
  const { afterBytes, message } = cut;
  if ((afterBytes === undefined) === (message === undefined)) {
    throw new TypeError("A cut takes either afterBytes, or the number of a message.");
  }
  if (afterBytes !== undefined && !(afterBytes >= 0)) {
    throw new TypeError(`afterBytes is a number of bytes, not ${afterBytes}.`);
  }
  if (message !== undefined && !(Number.isInteger(message) && message > 0)) {
    throw new TypeError(`Messages are counted from 1, so ${message} is none.`);
  }
}
