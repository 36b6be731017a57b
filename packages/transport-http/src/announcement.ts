import { ALL_DOCUMENTS, type Documents } from "@capnweb/wire";

/**
 * The headers by which the two ends of a batch learn that the other end is this library. A batch
 * has no room for the announcement of a session (docs/protocol.md). Browsers demand no permission
 * for these headers: every page may set `Accept` and read `Content-Type`.
 */

const FEATURE = "capnweb=errors";

/** The `Accept` of a request. Its end takes documents, too. */
export const ANNOUNCING_ACCEPT = `text/plain;${FEATURE}.json.table, */*`;

/** The `Content-Type` of the answer to such a request. */
export const ANNOUNCING_TYPE = `text/plain;charset=UTF-8;${FEATURE}`;

/**
 * The header that names the limit that a request, or its batch, exceeded. Only refusals have it.
 */
export const LIMIT_HEADER = "Capnweb-Limit";

/** The documents that a client has announced by its `Accept`. */
export function documentsIn(accept: string | null | undefined): Documents | undefined {
  // The rest takes as long as all other work on the headers, and most clients are of this version.
  if (accept === ANNOUNCING_ACCEPT) return ALL_DOCUMENTS;
  const [, names = ""] = /capnweb=errors([.\w]*)/.exec(accept ?? "") ?? [];
  const known = names.split(".");
  const documents = { json: known.includes("json"), table: known.includes("table") };
  return documents.json || documents.table ? documents : undefined;
}

/** True if the other end has announced itself by an `Accept` or a `Content-Type`. */
export function isAnnounced(header: string | null | undefined): boolean {
  return header?.includes(FEATURE) ?? false;
}
