import {
  type AddedContext,
  type IncomingCall,
  type Interceptor,
  type OutgoingCall,
  reportError,
} from "@capnweb/core";
import { checkOptions, type OptionRules, optionRules, orFalse } from "@capnweb/core/options";
import {
  type Attributes,
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  type Link,
  metrics,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { errorTypes } from "../names/error-types.ts";
import { methodNames } from "../names/method-names.ts";
import { markTraced } from "../names/traced-calls.ts";
import { Attempts } from "../publish/attempts.ts";
import { type NextCall, type Outcome, watchServed } from "../publish/outcomes.ts";
import { Durations } from "./durations.ts";
import type { OpenTelemetryOptions } from "./options.ts";
import { Sampling } from "./sampling.ts";
import { ServedSpans } from "./served-spans.ts";
import { fail, rename, startSpan } from "./spans.ts";
import { whenStreamEnds } from "./stream-end.ts";
import { formatTraceparent, isUnsampled, parseTraceparent } from "./traceparent.ts";

const LIBRARY = "@capnweb/observe";

const RULES: OptionRules<OpenTelemetryOptions> = {
  acceptTrace: optionRules.function,
  attributes: optionRules.object,
  meter: orFalse(optionRules.object),
  sample: {
    must: "a number from 0 to 1",
    allows: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
  tracer: optionRules.object,
  unsampled: {
    must: '"own" or "shared"',
    allows: (value) => value === "own" || value === "shared",
  },
};

/**
 * Makes an interceptor that gives each operation a span and measures its duration, by the semantic
 * conventions of OpenTelemetry for RPC. The trace travels in the context of calls, so that one
 * trace goes through all processes. It ends at a peer that doesn't know contexts.
 *
 * - The span of a call whose result is a `ReadableStream` lasts until the stream has ended.
 * - Operations of streams have no spans.
 * - Methods run within the context of their span, if OpenTelemetry has a context manager.
 *
 * @returns the value of the option `tracing` of `observe()`. Several sessions may share it
 * @throws TypeError for an unknown option or a wrong value
 *
 * @example
 * ```ts
 * const options = observe({ tracing: openTelemetry() });
 * ```
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Interceptor {
  checkOptions("openTelemetry()", options, RULES);
  return new OpenTelemetry(options);
}

class OpenTelemetry implements Interceptor {
  readonly #options: OpenTelemetryOptions;
  readonly #attributes: Attributes;
  readonly #client: Durations | undefined;
  readonly #server: Durations | undefined;
  readonly #served = new ServedSpans();
  readonly #attempts = new Attempts<Watch>();
  readonly #sampling: Sampling | undefined;
  /** The `traceparent` that calls share if they aren't sampled. */
  #unsampled: string | undefined;

  constructor(options: OpenTelemetryOptions) {
    const { meter = metrics.getMeter(LIBRARY), attributes = {} } = options;
    this.#options = options;
    if (options.sample !== undefined) this.#sampling = new Sampling(options.sample);
    this.#attributes = attributes;
    this.#client = meter ? new Durations(meter, "client", attributes) : undefined;
    this.#server = meter ? new Durations(meter, "server", attributes) : undefined;
  }

  /** Asked for each time, because a provider may be registered later. */
  get #tracer(): Tracer {
    return this.#options.tracer ?? trace.getTracer(LIBRARY);
  }

  call(call: OutgoingCall, next: Parameters<Required<Interceptor>["call"]>[1]): unknown {
    if (call.kind === "stream") return next();
    const earlier = this.#attempts.earlier;
    if (earlier) return this.#attempts.watch(call, next, earlier.added, earlier);
    if (this.#sampling?.leavesOut(call, this.#served)) return this.#callUnseen(call, next);
    const method = methodNames.find(call);
    const parent = this.#parentOf(call);
    const span = this.#start(SpanKind.CLIENT, call, method, parent);
    const added = this.#toTell(span.spanContext(), call);
    if (!span.isRecording() && !this.#client) return next(added);
    if (added && span.isRecording()) markTraced(call);
    const watch = new Watch(span, call, method, this.#client, added);
    return this.#attempts.watch(call, next, added, watch);
  }

  /** Makes a call that isn't sampled. */
  #callUnseen(call: OutgoingCall, next: NextCall): unknown {
    if (!this.#client) return next();
    const watch = new Watch(NO_SPAN, call, methodNames.find(call), this.#client);
    return this.#attempts.watch(call, next, undefined, watch);
  }

  /** The context of the code that makes a call. */
  #parentOf(call: OutgoingCall): Context {
    const active = context.active();
    if (trace.getSpanContext(active)) return active;
    const { traceparent, tracestate } = call.context;
    const found = this.#served.current ?? parseTraceparent(traceparent, tracestate);
    return found ? trace.setSpanContext(active, found) : active;
  }

  /** The context that tells the peer of a span. */
  #toTell(
    own: SpanContext,
    call: OutgoingCall,
  ): { traceparent: string; tracestate?: string } | undefined {
    if (!isSpanContextValid(own)) return undefined;
    const isSampled = (own.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (!isSampled && this.#options.unsampled !== "own") {
      const inherited = call.context.traceparent;
      if (inherited !== undefined && isUnsampled(inherited)) return undefined;
      this.#unsampled ??= formatTraceparent(own);
      return { traceparent: this.#unsampled };
    }
    const tracestate = own.traceState?.serialize();
    return { traceparent: formatTraceparent(own), ...(tracestate && { tracestate }) };
  }

  serve(call: IncomingCall, next: () => unknown): unknown {
    if (call.kind === "stream") return next();
    if (this.#sampling?.leavesOutServed(call)) return this.#serveUnseen(call, next);
    const method = methodNames.find(call);
    const span = this.#startServed(call, method);
    const within = trace.setSpan(context.active(), span);
    const run = () =>
      context.with(within, () => {
        if (span.isRecording() && context.active() !== within) {
          this.#served.add(call, span.spanContext());
        }
        return next();
      });
    if (!span.isRecording() && !this.#server) return run();
    return watchServed(run, new Watch(span, call, method, this.#server));
  }

  /** Carries out an operation that isn't sampled. */
  #serveUnseen(call: IncomingCall, next: () => unknown): unknown {
    if (!this.#server) return next();
    return watchServed(next, new Watch(NO_SPAN, call, methodNames.find(call), this.#server));
  }

  #startServed(call: IncomingCall, method: string | undefined): Span {
    const { traceparent, tracestate } = call.received;
    const remote = parseTraceparent(traceparent, tracestate);
    const isAccepted = remote !== undefined && this.#accepts(call);
    const parent = isAccepted ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
    const links = remote && !isAccepted ? [{ context: remote }] : undefined;
    return this.#start(SpanKind.SERVER, call, method, parent, links);
  }

  /** Never throws, although samplers and processors of spans are code of the application. */
  #start(
    kind: SpanKind,
    call: IncomingCall | OutgoingCall,
    method: string | undefined,
    parent: Context,
    links?: Link[],
  ): Span {
    try {
      return startSpan(this.#tracer, kind, call, method, this.#attributes, parent, links);
    } catch (error) {
      reportError(error, "observer");
      return NO_SPAN;
    }
  }

  #accepts(call: IncomingCall): boolean {
    try {
      return this.#options.acceptTrace?.(call) ?? true;
    } catch {
      return false;
    }
  }
}

/** Stands for the span of an operation that isn't sampled. */
const NO_SPAN = /* @__PURE__ */ trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Ends the span of an operation, and measures it. */
class Watch implements Outcome {
  readonly #startedAt = performance.now();
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

  succeeded(_isAsync: boolean, value: unknown): void {
    const method = this.#known ?? methodNames.succeeded(this.#call, value);
    if (!this.#span.isRecording()) this.#ended(method, undefined);
    else if (!(value instanceof ReadableStream)) this.#end(method, undefined);
    else whenStreamEnds(value, (error) => this.#end(method, error));
  }

  failed(error: unknown, isAsync: boolean): void {
    const method = this.#known ?? methodNames.failed(this.#call, error, isAsync);
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
