/** The header of a refusal that says why. HTTP/2 has no text beside the status. */
const HEADER = "capnweb-reason";

/** Longest reason sent, in code units. */
const LONGEST = 300;

/** The headers that carry a reason. */
export function reasonHeaders(reason: string | undefined): Record<string, string> {
  if (reason === undefined) return {};
  // Half a pair of surrogates can't be encoded. A Buffer replaces it.
  return { [HEADER]: encodeURIComponent(Buffer.from(reason.slice(0, LONGEST)).toString()) };
}

/** The reason in headers; empty if there is none. */
export function reasonIn(headers: Readonly<Record<string, unknown>>): string {
  const { [HEADER]: encoded } = headers;
  try {
    return typeof encoded === "string" ? decodeURIComponent(encoded) : "";
  } catch {
    return "";
  }
}
