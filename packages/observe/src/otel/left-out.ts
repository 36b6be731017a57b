import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  TraceFlags,
  trace,
} from "@opentelemetry/api";

/** The context of methods whose callers have decided against a trace. */
export interface LeftOut {
  readonly traceparent: string;
  readonly context: Context;
}

/**
 * Stands for the span of all operations that `sample` leaves out. They share it, because ids of
 * their own would take longer than everything else that is done for them.
 */
export const leftOutSpan: Span = /* @__PURE__ */ makeLeftOutSpan();

/** The context of methods that `sample` leaves out. */
export const leftOutContext: Context = /* @__PURE__ */ trace.setSpan(ROOT_CONTEXT, leftOutSpan);

function makeLeftOutSpan(): Span {
  return trace.wrapSpanContext({
    traceId: randomId(32),
    spanId: randomId(16),
    traceFlags: TraceFlags.NONE,
  });
}

/** A random id in hexadecimal digits, of which the first isn't zero. */
function randomId(digits: number): string {
  let id = "f";
  while (id.length < digits) id += Math.floor(Math.random() * 16).toString(16);
  return id;
}

/** The span around the running code, if there is one and its trace isn't recorded. */
export function activeUnsampled(): SpanContext | undefined {
  const active = context.active();
  const found = active === ROOT_CONTEXT ? undefined : trace.getSpanContext(active);
  const isSampled = found !== undefined && (found.traceFlags & TraceFlags.SAMPLED) !== 0;
  return isSampled ? undefined : found;
}

/** Runs a method whose operation was left out. */
export function runLeftOut(within: Context, run: () => unknown): unknown {
  const active = context.active();
  if (active === ROOT_CONTEXT) return context.with(within, run);
  const span = trace.getSpan(within)!;
  if (trace.getSpan(active) === span) return run();
  return context.with(trace.setSpan(active, span), run);
}
