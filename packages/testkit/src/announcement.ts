/** The id under which a side announces its extensions. It fits into 32 bits. */
export const ANNOUNCEMENT_ID = 2 ** 31 - 1;

/**
 * Tells whether a message announces extensions. An announcement fails a call that can't have been
 * made. A peer without extensions ignores it, as it ignores every failure of an unknown call
 * (docs/protocol.md).
 */
export function isAnnouncement(message: unknown): boolean {
  if (!Array.isArray(message)) return false;
  const [tag, id, value] = message as unknown[];
  return (
    tag === "reject" &&
    id === ANNOUNCEMENT_ID &&
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "capnweb")
  );
}
