/** The id under which a side announces extensions. It fits 32 bits. */
export const ANNOUNCEMENT_ID = 2 ** 31 - 1;

/**
 * Whether a message announces extensions: a failure of a call that can't have been made, which a
 * peer without extensions ignores as it ignores every failure of an unknown call.
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
