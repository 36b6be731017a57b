import type { IncomingCall } from "@capnweb/core";
import { type Context, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { type LeftOut, leftOutContext, leftOutSpan } from "./left-out.ts";
import type { ServedSpans } from "./served-spans.ts";
import { isUnsampled, parseTraceparent } from "./traceparent.ts";

/** Decides which operations have no spans, before the SDK is asked, which takes microseconds. */
export class Sampling {
  readonly #share: number;
  /** The sessions whose peers trace calls themselves. */
  readonly #tracing = new WeakSet<object>();
  /** The last `traceparent` of an unsampled trace. Most peers send one for all of theirs. */
  #lastUnsampled: LeftOut | undefined;

  constructor(share: number) {
    this.#share = share;
  }

  /**
   * True for a call that is in no trace, and begins none.
   *
   * @param traceparent that of the call's context
   */
  leavesOut(traceparent: string | undefined, served: ServedSpans): boolean {
    const active = context.active();
    const span = active === ROOT_CONTEXT ? undefined : trace.getSpan(active);
    if (span) return span === leftOutSpan;
    if (served.current) return false;
    return traceparent === undefined ? this.#isUnlucky : isUnsampled(traceparent);
  }

  /**
   * The context for the method of an operation that is in no trace, and begins none; `undefined`
   * for other operations. Calls that the method makes find there that they aren't sampled, as do
   * other instrumentations, which would begin traces.
   */
  contextOfLeftOut(call: IncomingCall): Context | undefined {
    const { traceparent } = call.received;
    if (traceparent !== undefined) {
      if (isUnsampled(traceparent)) return this.#unsampled(traceparent).context;
      this.#tracing.add(call.session);
      return undefined;
    }
    // A peer that traces has decided against a trace. The chance comes first, which is quicker.
    const isLeftOut = this.#isUnlucky || this.#tracing.has(call.session);
    return isLeftOut ? leftOutContext : undefined;
  }

  #unsampled(traceparent: string): LeftOut {
    if (this.#lastUnsampled?.traceparent !== traceparent) {
      const found = parseTraceparent(traceparent, undefined)!;
      const within = trace.setSpanContext(ROOT_CONTEXT, found);
      this.#lastUnsampled = { traceparent, context: within };
    }
    return this.#lastUnsampled!;
  }

  get #isUnlucky(): boolean {
    return Math.random() >= this.#share;
  }
}
