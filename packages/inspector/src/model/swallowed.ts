import type { Call } from "./records.ts";

/** Milliseconds after which a failed call that nothing asked about counts as swallowed. */
const GRACE = 1_000;

/**
 * True for a call that failed, and whose caller hasn't asked for its result or had given it up. The
 * error is lost.
 *
 * @param now milliseconds since 1970
 */
export function isSwallowed(call: Call, now: number): boolean {
  const { failure, state, pulledAt, sentAt, pipelined } = call;
  // A call that used the result has failed with the same error.
  if (!failure || state === "rejected" || pipelined > 0) return false;
  if (state === "dropped") return true;
  return pulledAt === undefined && (state !== "open" || now - sentAt > GRACE);
}
