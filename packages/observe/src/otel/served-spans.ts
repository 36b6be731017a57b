import { findCurrentCall, type IncomingCall } from "@capnweb/core";
import type { SpanContext } from "@opentelemetry/api";

/**
 * The spans of running methods, for the calls that these make, where OpenTelemetry has no context
 * manager: in browsers.
 */
export class ServedSpans {
  readonly #spans = new WeakMap<object, SpanContext>();
  /** Asking for the running call gives it a scope. */
  #isUsed = false;

  add(call: IncomingCall, span: SpanContext): void {
    this.#isUsed = true;
    this.#spans.set(call.context, span);
  }

  /** The span of the method that runs. */
  get current(): SpanContext | undefined {
    if (!this.#isUsed) return undefined;
    const call = findCurrentCall();
    return call && this.#spans.get(call);
  }
}
