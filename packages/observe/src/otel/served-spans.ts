import { currentCall, type IncomingCall } from "@capnweb/core";
import type { SpanContext } from "@opentelemetry/api";

/**
 * The spans of running methods, for the calls that these make, where OpenTelemetry has no context
 * manager: in browsers.
 */
export class ServedSpans {
  readonly #spans = new WeakMap<object, SpanContext>();
  /** Asking for the running call costs an error where there is none. */
  #isUsed = false;

  add(call: IncomingCall, span: SpanContext): void {
    this.#isUsed = true;
    this.#spans.set(call.context, span);
  }

  /** The span of the method that runs. */
  get current(): SpanContext | undefined {
    if (!this.#isUsed) return undefined;
    try {
      return this.#spans.get(currentCall());
    } catch {
      return undefined;
    }
  }
}
