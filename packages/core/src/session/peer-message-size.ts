import { overLimit } from "@capnweb/wire/internal";
import type { PeerLimits } from "./features.ts";

/** The bytes below which a value is sent in the text, because a frame of its own costs more. */
export const LEAST_ATTACHED = 512;

/** Most characters of a message's text besides the value and a short path. */
const ENVELOPE = 64;

/**
 * Keeps a message within the peer's limits.
 *
 * @throws LimitError for a message that would make the peer end the session
 */
export function checkSize(
  { maxMessageSize }: PeerLimits,
  operand: unknown,
  attached: readonly Uint8Array[] | undefined,
): void {
  if (maxMessageSize === Number.POSITIVE_INFINITY) return;
  let size = 0;
  if (attached) for (const { length } of attached) size += Math.max(length, LEAST_ATTACHED);
  const text = typeof operand === "string" ? operand.length + ENVELOPE : 0;
  if (Math.max(size, text) <= maxMessageSize) return;
  throw overLimit(
    "maxMessageSize",
    `The value takes more than the ${maxMessageSize} that a message to this peer may have.`,
  );
}
