// Ours, with the options of @capnweb/observe, and something that observes or nothing.
import * as core from "@capnweb/core";
import { observe } from "@capnweb/observe";
import * as http from "@capnweb/transport-http";
import * as webSocket from "@capnweb/transport-ws";
import * as wire from "@capnweb/wire";
import { capnwebContestant } from "./capnweb.ts";
import type { Contestant } from "./contestant.ts";
import { createPushLink } from "./memory-link.ts";

const implementation = { ...core, ...http, ...webSocket, ...wire };

/** All peers here are known to answer calls that leave as `stream` messages. */
const PEERS_KNOW_STREAM = { streamCalls: true };

function contestant(options: Parameters<typeof observe>[0] = {}): Contestant {
  return capnwebContestant(implementation, createPushLink, PEERS_KNOW_STREAM, observe(options));
}

/** Nothing listens. */
export const unobserved = async (): Promise<Contestant> => contestant();

/** The metrics are collected in a registry. */
export async function withMetrics(): Promise<Contestant> {
  const { collectMetrics } = await import("@capnweb/observe/prometheus");
  const { Registry } = await import("prom-client");
  collectMetrics({ registry: new Registry() });
  return contestant();
}

/**
 * The context manager of OpenTelemetry keeps contexts, as in a program whose HTTP requests are
 * traced, but nothing traces calls.
 */
export async function withContexts(): Promise<Contestant> {
  const { context, ROOT_CONTEXT } = await import("@opentelemetry/api");
  const { AsyncLocalStorageContextManager } = await import("@opentelemetry/context-async-hooks");
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  // Node 20 watches promises from the first use on.
  context.with(ROOT_CONTEXT, () => {});
  return contestant();
}

/**
 * OpenTelemetry samples calls, and keeps the context of each.
 *
 * @param sample the share of calls that are sampled
 */
export async function withTraces(sample: number): Promise<Contestant> {
  const { openTelemetry } = await import("@capnweb/observe/otel");
  const { trace } = await import("@opentelemetry/api");
  const { BasicTracerProvider, BatchSpanProcessor } = await import("@opentelemetry/sdk-trace-base");
  const exporter = {
    export: (_spans: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
    shutdown: async () => {},
  };
  const spanProcessors = [new BatchSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
  await withContexts();
  return contestant({ tracing: openTelemetry({ meter: false, sample }) });
}
