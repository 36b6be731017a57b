/** The beginning of the message in which a peer asks this side to leave, as text. */
const TEXT = '["reject",2147483647,{"capnweb":{"goaway":';

/**
 * The milliseconds after which the peer closes the connection, if a frame says so. Peers that
 * resume tell it by their transport. Never throws.
 */
export function goawayIn(frame: unknown): number | undefined {
  try {
    if (typeof frame === "string") {
      // Most frames say nothing of the kind, and aren't parsed.
      const start = frame.indexOf(TEXT);
      if (start !== 0 && frame[start - 1] !== "\n") return undefined;
      const end = frame.indexOf("\n", start);
      return deadlineOf(JSON.parse(frame.slice(start, end < 0 ? undefined : end)));
    }
    return Array.isArray(frame) ? deadlineOf(frame) : undefined;
  } catch {
    return undefined;
  }
}

function deadlineOf(message: readonly unknown[]): number | undefined {
  if (message[0] !== "reject" || message[1] !== 2147483647) return undefined;
  const said = message[2] as { capnweb?: { goaway?: { deadline?: unknown } } } | undefined;
  const deadline = said?.capnweb?.goaway?.deadline;
  return typeof deadline === "number" && deadline >= 0 ? deadline : undefined;
}
