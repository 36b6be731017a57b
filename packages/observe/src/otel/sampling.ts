import type { IncomingCall, OutgoingCall } from "@capnweb/core";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import type { ServedSpans } from "./served-spans.ts";
import { isUnsampled } from "./traceparent.ts";

/** Decides which operations have no spans, before the SDK is asked, which takes microseconds. */
export class Sampling {
  readonly #share: number;
  /** The sessions whose peers trace calls themselves. */
  readonly #tracing = new WeakSet<object>();

  constructor(share: number) {
    this.#share = share;
  }

  /** True for a call that is in no trace, and begins none. */
  leavesOut(call: OutgoingCall, served: ServedSpans): boolean {
    const active = context.active();
    const isInSpan = active !== ROOT_CONTEXT && trace.getSpanContext(active) !== undefined;
    if (isInSpan || served.current) return false;
    const { traceparent } = call.context;
    return traceparent === undefined ? this.#isUnlucky : isUnsampled(traceparent);
  }

  /** True for an operation that is in no trace, and begins none. */
  leavesOutServed(call: IncomingCall): boolean {
    const { traceparent } = call.received;
    if (traceparent !== undefined) {
      if (isUnsampled(traceparent)) return true;
      this.#tracing.add(call.session);
      return false;
    }
    // A peer that traces has decided against a trace. The chance comes first, which is quicker.
    return this.#isUnlucky || this.#tracing.has(call.session);
  }

  get #isUnlucky(): boolean {
    return Math.random() >= this.#share;
  }
}
