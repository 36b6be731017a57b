import type { ValueTable } from "@capnweb/wire";
import type { Budget } from "../budget.ts";
import {
  AWAITED_PROMISE_BYTES,
  LEAST_WEIGHED_CHUNK,
  LEAST_WEIGHED_MESSAGE,
} from "../call-context/counts.ts";
import type { Payload } from "./payload.ts";

/**
 * The approximate bytes of a call's arguments, and of everything else that their message has made,
 * for as long as the call waits or runs. Small containers take up to twenty times as much as their
 * text.
 */
export function sizeOfArguments(args: Payload): number {
  const { budget, pending, value } = args;
  if (!budget) return 0;
  return (
    Math.max(budget.kept, sizeOfPart(budget, value, args.runtime.table)) +
    AWAITED_PROMISE_BYTES * pending.length
  );
}

/**
 * The approximate bytes of a part of a message. One message may have many parts.
 *
 * @param budget the message's budget; without one, nothing is held for a peer
 * @param table says how much memory values take that JSON doesn't have, if there may be some
 */
export function sizeOfPart(budget: Budget | undefined, part: unknown, table?: ValueTable): number {
  if (!budget?.owner || budget.kept < LEAST_WEIGHED_MESSAGE) return 0;
  return budget.owner.held.sizeOf(part, table);
}

/**
 * The approximate bytes that a chunk takes beyond those of its message, which its answer counts.
 * Windows bound the messages of a stream, and not the values in them.
 */
export function beyondMessage({ budget, value, runtime }: Payload): number {
  if (!budget?.owner || budget.kept < LEAST_WEIGHED_CHUNK) return 0;
  return Math.max(0, budget.owner.held.sizeOf(value, runtime.table) - budget.kept);
}
