/**
 * The close code of a session that has ended. Applications choose codes from 3000 to 4999 (RFC
 * 6455, 7.4.2); `capnweb` uses this one.
 */
export const SESSION_ENDED = 3000;

/** Longest close reason that a close frame holds, in bytes (RFC 6455, 5.5). */
const LONGEST_REASON = 123;

/** An error's message as a close reason, cut where it is too long, but not inside a character. */
export function closeReason(error: unknown): string {
  let bytes = 0;
  let reason = "";
  for (const character of textOf(error)) {
    bytes += bytesOf(character);
    if (bytes > LONGEST_REASON) break;
    reason += character;
  }
  return reason;
}

/** The bytes of a character in UTF-8. Engines of React Native may lack `TextEncoder`. */
function bytesOf(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}

/** The text of a reason, which may be any value that an application throws. */
function textOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "The session failed.";
  }
}
