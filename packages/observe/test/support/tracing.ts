import { context, metrics, propagation, type Span, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { onTestFinished } from "vitest";

/** The SDK with its exporter in memory, for one test. */
export function startTracing({ sampler }: { sampler?: Sampler } = {}) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(sampler && { sampler }),
  });
  trace.setGlobalTracerProvider(provider);
  onTestFinished(() => {
    trace.disable();
    context.disable();
    metrics.disable();
    propagation.disable();
  });
  return {
    tracer: provider.getTracer("test"),
    get spans(): ReadableSpan[] {
      return exporter.getFinishedSpans();
    },
    reset: () => exporter.reset(),
  };
}

/** Registers the context manager of Node. Browsers have none like it. */
export function keepContexts(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

/** The meters of the SDK, for one test. */
export function startMeters() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e9 });
  const provider = new MeterProvider({ readers: [reader] });
  onTestFinished(() => provider.shutdown());
  return {
    meter: provider.getMeter("test"),
    async collect() {
      await provider.forceFlush();
      const [last] = exporter.getMetrics().slice(-1);
      return last!.scopeMetrics.flatMap((scope) => scope.metrics);
    },
  };
}

/** The spans from the root to the leaves, as `client users.list`. */
export function chainOf(spans: readonly ReadableSpan[], leaf: ReadableSpan): string[] {
  const parent = spans.find((each) => each.spanContext().spanId === leaf.parentSpanContext?.spanId);
  return [...(parent ? chainOf(spans, parent) : []), describe(leaf)];
}

const KINDS = ["internal", "server", "client"];

export function describe(span: ReadableSpan): string {
  return `${KINDS[span.kind]} ${span.name}`;
}

/** The id of the trace that a span belongs to. */
export function traceIdOf(span: Span | ReadableSpan): string {
  return span.spanContext().traceId;
}
