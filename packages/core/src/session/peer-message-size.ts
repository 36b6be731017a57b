import { overLimit } from "@capnweb/wire/internal";
import { LEAST_ATTACHED_BYTES } from "../call-context/counts.ts";
import type { PeerLimits } from "./features.ts";

/**
 * Keeps a message within the peer's limits.
 *
 * @throws LimitError for a message that would make the peer end the session
 */
export function checkSize(
  limits: PeerLimits,
  operand: unknown,
  attached: readonly Uint8Array[] | undefined,
): void {
  // Most characters of a message's text besides the value and a short path.
  const ENVELOPE = 64;
  if (limits.maxMessageSize === Infinity) return;
  let size = 0;
  if (attached) for (const { length } of attached) size += Math.max(length, LEAST_ATTACHED_BYTES);
  const text = typeof operand === "string" ? operand.length + ENVELOPE : 0;
  if (Math.max(size, text) > limits.maxMessageSize) throw overLimit(limits, "maxMessageSize");
}
