/**
 * Whether a message announces extensions: a failure of a call that can't have been made, which a peer
 * without extensions ignores as it ignores every failure of an unknown call.
 */
export function isAnnouncement(message: unknown): boolean {
  if (!Array.isArray(message)) return false;
  const [tag, id, value] = message as unknown[];
  return (
    tag === "reject" &&
    id === Number.MAX_SAFE_INTEGER &&
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "capnweb")
  );
}
