/** Characters of the parts of a `traceparent`. */
const TRACE_ID = 32;
const SPAN_ID = 16;

const PATTERN = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/;

/** The ids in a `traceparent`; `undefined` for one that isn't well-formed. */
export function idsIn(
  traceparent: string | undefined,
): { readonly traceId: string; readonly spanId: string } | undefined {
  const found = traceparent === undefined ? null : PATTERN.exec(traceparent);
  return found ? { traceId: found[1]!, spanId: found[2]! } : undefined;
}

/**
 * A `traceparent` that no other call has: of the trace that the call belongs to, or of a new one
 * that isn't recorded.
 */
export function traceparentWithin(outer: string | undefined): string {
  const found = outer === undefined ? null : PATTERN.exec(outer);
  return `00-${found?.[1] ?? randomHex(TRACE_ID)}-${randomHex(SPAN_ID)}-${found?.[3] ?? "00"}`;
}

function randomHex(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length / 2));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
