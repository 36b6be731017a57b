/**
 * The headers by which the two ends of a batch learn that the other one is of this library. A batch
 * has no room for the announcement of a session. These headers need no permission of a browser's:
 * `Accept` may be set by every page, and `Content-Type` read.
 */

const FEATURE = "capnweb=errors";

/** The `Accept` of a request. */
export const ANNOUNCING_ACCEPT = `text/plain;${FEATURE}, */*`;

/** The `Content-Type` of the answer to such a request. */
export const ANNOUNCING_TYPE = `text/plain;charset=UTF-8;${FEATURE}`;

/** Names the limit that a request, or its batch, went over. Only answers that refuse it have it. */
export const LIMIT_HEADER = "Capnweb-Limit";

/** Whether the other end has announced itself by an `Accept` or a `Content-Type`. */
export function isAnnounced(header: string | null | undefined): boolean {
  return header?.includes(FEATURE) ?? false;
}
