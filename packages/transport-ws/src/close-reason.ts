/**
 * The close code of a session that has ended. Applications choose codes from 3000 to 4999 (RFC
 * 6455, 7.4.2); `capnweb` uses this one.
 */
export const SESSION_ENDED = 3000;

/** Longest close reason that a close frame holds, in bytes (RFC 6455, 5.5). */
const LONGEST_REASON = 123;

/** An error's message as a close reason, cut where it is too long, but not inside a character. */
export function closeReason(error: unknown): string {
  const text = textOf(error);
  const bytes = new TextEncoder().encodeInto(text, new Uint8Array(LONGEST_REASON));
  return text.slice(0, bytes.read);
}

/** The text of a reason, which may be any value that an application throws. */
function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "The session failed.";
  }
}
