import {
  type AddedContext,
  type IncomingCall,
  type OutgoingCall,
  reportError,
} from "@capnweb/core";
import { INVALID_SPAN_CONTEXT, type Span, trace } from "@opentelemetry/api";
import { errorTypes } from "../names/error-types.ts";
import { methodNames } from "../names/method-names.ts";
import { clock } from "../publish/clock.ts";
import type { CallOutcome } from "../publish/outcomes.ts";
import type { Durations } from "./durations.ts";
import { fail, rename } from "./spans.ts";
import { whenStreamEnds } from "./stream-end.ts";

/** Stands for the span of an operation that isn't sampled. */
export const NO_SPAN = /* @__PURE__ */ trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Ends the span of an operation, and measures it. */
export class WatchedSpan implements CallOutcome {
  readonly #startedAt = clock.now();
  readonly #span: Span;
  readonly #call: IncomingCall | OutgoingCall;
  readonly #known: string | undefined;
  readonly #durations: Durations | undefined;
  /** The context that each attempt leaves with. */
  readonly added: AddedContext | undefined;

  constructor(
    span: Span,
    call: IncomingCall | OutgoingCall,
    known: string | undefined,
    durations: Durations | undefined,
    added?: AddedContext,
  ) {
    this.added = added;
    this.#span = span;
    this.#call = call;
    this.#known = known;
    this.#durations = durations;
  }

  succeeded(value: unknown): void {
    const method = this.#known ?? methodNames.succeeded(this.#call, value);
    if (!this.#span.isRecording()) this.#ended(method, undefined);
    else if (!(value instanceof ReadableStream)) this.#end(method, undefined);
    else whenStreamEnds(value, (error) => this.#end(method, error));
  }

  failed(error: unknown, isSync = false): void {
    const method = this.#known ?? methodNames.failed(this.#call, error, isSync);
    this.#end(method, error ?? new Error(`The operation failed with ${error}.`));
  }

  /** Never throws, although processors of spans are code of the application. */
  #end(method: string, error: unknown): void {
    const type = error === undefined ? undefined : errorTypes.of(error);
    try {
      this.#endSpan(method, error, type);
    } catch (failure) {
      reportError(failure, "observer");
    }
    this.#ended(method, type);
  }

  #endSpan(method: string, error: unknown, type: string | undefined): void {
    const span = this.#span;
    if (type !== undefined) fail(span, error, type);
    if (this.#known === undefined && span.isRecording()) rename(span, this.#call, method);
    span.end();
  }

  #ended(method: string, errorType: string | undefined): void {
    try {
      this.#durations?.record(this.#startedAt, this.#call.kind, method, errorType);
    } catch (failure) {
      reportError(failure, "observer");
    }
  }
}
