import {
  type AddedContext,
  type IncomingCall,
  type Interceptor,
  type OutgoingCall,
  reportError,
} from "@capnweb/core";
import { currentAttempt, type RepeatableAttempt } from "@capnweb/core/following";
import { checkOptions, type OptionRules, optionRules, orFalse } from "@capnweb/core/options";
import {
  type Attributes,
  type Context,
  context,
  createNoopMeter,
  INVALID_TRACEID,
  type Link,
  metrics,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { isObserved } from "../channels/channel.ts";
import { channels } from "../channels/index.ts";
import { methodNames } from "../names/method-names.ts";
import { markTraced } from "../names/traced-calls.ts";
import { Attempts } from "../publish/attempts.ts";
import { type NextCall, watchServed } from "../publish/outcomes.ts";
import { Durations } from "./durations.ts";
import { activeUnsampled, runLeftOut } from "./left-out.ts";
import type { OpenTelemetryOptions } from "./options.ts";
import { Sampling } from "./sampling.ts";
import { ServedSpans } from "./served-spans.ts";
import { startSpan } from "./spans.ts";
import { formatTraceparent, isUnsampled, parseTraceparent } from "./traceparent.ts";
import { LIBRARY, TracerSource } from "./tracer-source.ts";
import { NO_SPAN, WatchedSpan } from "./watched-span.ts";

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
  readonly #attempts = new Attempts<WatchedSpan>();
  readonly #sampling: Sampling | undefined;
  readonly #tracers: TracerSource;
  /** The addition to the contexts of calls that aren't sampled. They share it. */
  #unsampled: { readonly traceparent: string } | undefined;

  constructor(options: OpenTelemetryOptions) {
    const { meter = metrics.getMeter(LIBRARY), attributes = {} } = options;
    this.#options = options;
    if (options.sample !== undefined) this.#sampling = new Sampling(options.sample);
    this.#attributes = attributes;
    this.#tracers = new TracerSource(options.tracer);
    // Histograms of a program without a provider of meters would never be read.
    if (meter && meter !== createNoopMeter()) {
      this.#client = new Durations(meter, "client", attributes);
      this.#server = new Durations(meter, "server", attributes);
    }
  }

  call(call: OutgoingCall, next: Parameters<Required<Interceptor>["call"]>[1]): unknown {
    if (call.kind === "stream") return next();
    const attempt = currentAttempt();
    const earlier = this.#attempts.earlier(attempt);
    if (earlier) return this.#attempts.watch(attempt, call, next, earlier);
    if (this.#sampling) {
      if (this.#sampling.leavesOut(call.context.traceparent, this.#served)) {
        return this.#callUnseen(attempt, call, next, undefined);
      }
      const around = activeUnsampled();
      if (around) return this.#callUnseen(attempt, call, next, this.#toTell(around, call));
    }
    const method = methodNames.find(call);
    const parent = this.#parentOf(call);
    const span = this.#start(SpanKind.CLIENT, call, method, parent);
    const added = this.#toTell(span.spanContext(), call);
    if (!span.isRecording() && !this.#client) return next(added);
    // Only logs ask for the mark.
    if (added && span.isRecording() && isObserved(channels.call)) markTraced(call);
    const watch = new WatchedSpan(span, call, method, this.#client, added);
    return this.#attempts.watch(attempt, call, next, watch);
  }

  /** Makes a call that isn't sampled. */
  #callUnseen(
    attempt: RepeatableAttempt | undefined,
    call: OutgoingCall,
    next: NextCall,
    added: AddedContext | undefined,
  ): unknown {
    if (!this.#client) return next(added);
    const watch = new WatchedSpan(NO_SPAN, call, methodNames.find(call), this.#client, added);
    return this.#attempts.watch(attempt, call, next, watch);
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
  #toTell(own: SpanContext, call: OutgoingCall): AddedContext | undefined {
    // Spans of a program without an SDK have no ids.
    if (own.traceId === INVALID_TRACEID) return undefined;
    const isSampled = (own.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (!isSampled && this.#options.unsampled !== "own") {
      const inherited = call.context.traceparent;
      if (inherited !== undefined && isUnsampled(inherited)) return undefined;
      this.#unsampled ??= { traceparent: formatTraceparent(own) };
      return this.#unsampled;
    }
    const traceparent = formatTraceparent(own);
    const tracestate = own.traceState?.serialize();
    return tracestate ? { traceparent, tracestate } : { traceparent };
  }

  serve(call: IncomingCall, next: () => unknown): unknown {
    if (call.kind === "stream") return next();
    const leftOut = this.#sampling?.contextOfLeftOut(call);
    if (leftOut) return this.#serveUnseen(call, next, leftOut);
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
    return watchServed(run, new WatchedSpan(span, call, method, this.#server));
  }

  /** Carries out an operation that isn't sampled. */
  #serveUnseen(call: IncomingCall, next: () => unknown, within: Context): unknown {
    if (!this.#server) return runLeftOut(within, next);
    const watch = new WatchedSpan(NO_SPAN, call, methodNames.find(call), this.#server);
    return watchServed(() => runLeftOut(within, next), watch);
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
      return startSpan(this.#tracers.current, kind, call, method, this.#attributes, parent, links);
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
