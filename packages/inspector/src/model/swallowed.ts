import type { Call } from "./records.ts";

/** Milliseconds after which a failed call that nothing asked about counts as swallowed. */
const GRACE = 1_000;

/**
 * True for a call that failed, and whose caller hasn't asked for its result or had given it up. The
 * error is lost.
 *
 * @param now milliseconds since 1970
 */
export function isSwallowed({ failure, state, pulledAt, sentAt }: Call, now: number): boolean {
  if (!failure || state === "rejected") return false;
  if (state === "dropped") return true;
  return pulledAt === undefined && (state !== "open" || now - sentAt > GRACE);
}
