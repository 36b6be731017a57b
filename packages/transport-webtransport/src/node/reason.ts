/** The header that carries the reason of a refusal. HTTP/2 has no text beside the status. */
const HEADER = "capnweb-reason";

/** Longest reason sent, in UTF-16 code units. */
const LONGEST = 300;

/** The headers that carry a reason. */
export function reasonHeaders(reason: string | undefined): Record<string, string> {
  if (reason === undefined) return {};
  // A lone surrogate can't be encoded. A Buffer replaces it.
  return { [HEADER]: encodeURIComponent(Buffer.from(reason.slice(0, LONGEST)).toString()) };
}

/** The reason in headers, or an empty string. */
export function reasonIn(headers: Readonly<Record<string, unknown>>): string {
  const { [HEADER]: encoded } = headers;
  try {
    return typeof encoded === "string" ? decodeURIComponent(encoded) : "";
  } catch {
    return "";
  }
}
