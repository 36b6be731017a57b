/**
 * The headers by which the two ends of a batch learn that the other end is this library. A batch
 * has no room for the announcement of a session (docs/protocol.md). Browsers demand no permission
 * for these headers: every page may set `Accept` and read `Content-Type`.
 */

const FEATURE = "capnweb=errors";

/** The `Accept` of a request. */
export const ANNOUNCING_ACCEPT = `text/plain;${FEATURE}, */*`;

/** The `Content-Type` of the answer to such a request. */
export const ANNOUNCING_TYPE = `text/plain;charset=UTF-8;${FEATURE}`;

/**
 * The header that names the limit that a request, or its batch, exceeded. Only refusals have it.
 */
export const LIMIT_HEADER = "Capnweb-Limit";

/** True if the other end has announced itself by an `Accept` or a `Content-Type`. */
export function isAnnounced(header: string | null | undefined): boolean {
  return header?.includes(FEATURE) ?? false;
}
