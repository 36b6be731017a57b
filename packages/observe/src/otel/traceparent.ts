import {
  createTraceState,
  INVALID_SPANID,
  INVALID_TRACEID,
  type SpanContext,
  TraceFlags,
} from "@opentelemetry/api";

/** Version 00 of W3C Trace Context, and later ones, which may append parts. */
const PATTERN = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** A version that no one may use. */
const FORBIDDEN = "ff";

/** The context of a span in another process, or `undefined` for a header that isn't well-formed. */
export function parseTraceparent(
  traceparent: string | undefined,
  tracestate: string | undefined,
): SpanContext | undefined {
  const found = traceparent === undefined ? null : PATTERN.exec(traceparent);
  if (!found) return undefined;
  const [, version, traceId, spanId, flags, rest] = found;
  if (version === FORBIDDEN || (version === "00" && rest !== undefined)) return undefined;
  if (traceId === INVALID_TRACEID || spanId === INVALID_SPANID) return undefined;
  return {
    traceId: traceId!,
    spanId: spanId!,
    traceFlags: Number.parseInt(flags!, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(tracestate && { traceState: createTraceState(tracestate) }),
  };
}

/** The header for calls that belong to a span. */
export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`;
}

/** True if a header says that the trace isn't recorded. */
export function isUnsampled(traceparent: string): boolean {
  return traceparent.endsWith("0") && PATTERN.test(traceparent);
}
