import type { IncomingCall, OutgoingCall } from "@capnweb/core";
import { context, trace } from "@opentelemetry/api";
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
    if (trace.getSpanContext(context.active()) ?? served.current) return false;
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
    // The peer has decided against a trace.
    return this.#tracing.has(call.session) || this.#isUnlucky;
  }

  get #isUnlucky(): boolean {
    return Math.random() >= this.#share;
  }
}
