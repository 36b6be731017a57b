import { overLimit } from "@capnweb/wire/internal";
import type { PeerLimits } from "./features.ts";

/** Bytes fewer than this are sent in the text: a frame of their own costs more. */
export const LEAST_ATTACHED = 512;

/** As long as a message's text can be, besides the value and a short path. */
const ENVELOPE = 64;

/**
 * Keeps a message to the limits of the peer.
 *
 * @throws LimitError for a message that the peer would end the session for
 */
export function checkSize(
  { maxMessageSize }: PeerLimits,
  operand: unknown,
  attachments: readonly Uint8Array[] | undefined,
): void {
  if (maxMessageSize === Number.POSITIVE_INFINITY) return;
  let size = 0;
  if (attachments) for (const { length } of attachments) size += Math.max(length, LEAST_ATTACHED);
  const text = typeof operand === "string" ? operand.length + ENVELOPE : 0;
  if (Math.max(size, text) <= maxMessageSize) return;
  throw overLimit(
    "maxMessageSize",
    `The value takes more than the ${maxMessageSize} that a message to this peer may have.`,
  );
}
