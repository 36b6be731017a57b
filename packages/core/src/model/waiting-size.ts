import type { Budget } from "../budget.ts";
import { sizeOfValue } from "./value-size.ts";

/** As how many bytes a promise in arguments counts while it is waited for. */
const AWAITED = 512;

/** Messages smaller than this take about as much memory as their text. */
const LEAST_WEIGHED = 4_096;

/**
 * About how many bytes a part of a message takes that has to wait, for as long as the peer likes.
 *
 * @param budget that of the message; without one, nothing is held for a peer
 * @param awaited how many promises in the part are to be replaced
 */
export function sizeOfWaiting(budget: Budget | undefined, part: unknown, awaited = 0): number {
  const owner = budget?.owner;
  if (!owner) return 0;
  const { kept } = budget;
  // A part of a long message may be short, and there may be many.
  const size = kept < LEAST_WEIGHED ? kept : sizeOfValue(part, owner.limits.maxHeldBytes);
  return size + AWAITED * awaited;
}
