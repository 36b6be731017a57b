// Keeps the context of a call, its deadline and trace, in all code that the call runs.
import "@capnweb/core/async-context";
import { observe } from "@capnweb/observe";
import { openTelemetry } from "@capnweb/observe/otel";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { SpanRecord } from "./span-tree.ts";

/** The traces of one process. */
export interface Telemetry {
  /** Options of all its sessions. */
  readonly options: ReturnType<typeof observe>;
  /** The spans that have ended. */
  spans(): SpanRecord[];
}

/** Sets up the traces of a process, with an exporter in memory in place of that of a collector. */
export function startTelemetry(service: string): Telemetry {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({
      resource: resourceFromAttributes({ "service.name": service }),
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    options: observe({ tracing: openTelemetry() }),
    spans: () =>
      exporter.getFinishedSpans().map((span) => ({
        service: String(span.resource.attributes["service.name"]),
        name: span.name,
        kind: span.kind,
        start: span.startTime[0] * 1e9 + span.startTime[1],
        traceId: span.spanContext().traceId,
        spanId: span.spanContext().spanId,
        parentId: span.parentSpanContext?.spanId,
      })),
  };
}
