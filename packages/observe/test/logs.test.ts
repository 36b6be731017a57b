import { callOptions, RpcTarget } from "@capnweb/core";
import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import { observe } from "../src/index.ts";
import { openTelemetry } from "../src/otel/index.ts";
import { type LogOptions, logCalls } from "../src/pino/index.ts";
import { connectInMemory } from "./support/memory.ts";
import { keepContexts, startTracing } from "./support/tracing.ts";

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  fails() {
    throw new RangeError("out of range");
  }
}

/** Logs into a list, until the test is over. */
function log(options: LogOptions = {}) {
  const entries: any[] = [];
  const logger = pino({ level: "trace" }, { write: (line) => void entries.push(JSON.parse(line)) });
  onTestFinished(logCalls(logger, options));
  return {
    entries,
    of: (side: string, method: string) =>
      entries.filter((each) => each.side === side && each.method === method),
  };
}

test("each call has one entry on each side, with the same ids, and no arguments", async () => {
  const { entries, of } = log();
  const options = observe();
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  await api.nothing;
  for (let i = 0; i < 5; i++) await api.greet("a secret");
  await vi.waitFor(() => expect(of("client", "greet")).toHaveLength(5));
  const ids = (side: string, method: string) =>
    of(side, method).map(({ traceId, callId }) => `${traceId} ${callId}`);
  expect(ids("server", "Api/greet")).toEqual(ids("client", "greet"));
  expect(new Set(ids("client", "greet")).size).toBe(5);
  expect(ids("client", "greet")[0]).toMatch(/^[0-9a-f]{32} [0-9a-f]{16}$/);
  expect(of("server", "Api/greet")[0]).toMatchObject({
    outcome: "ok",
    operation: "call",
    ms: expect.any(Number),
    session: expect.any(Number),
    msg: "served Api/greet",
    level: 20,
  });
  expect(JSON.stringify(entries)).not.toContain("secret");
});

test("ids are those of the spans where there are any, sampled or not", async () => {
  keepContexts();
  const { of } = log();
  const tracing = startTracing();
  const options = observe({ tracing: openTelemetry() });
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  await api.nothing;
  await api.greet("Ada");
  await vi.waitFor(() => expect(of("client", "greet")).toHaveLength(1));
  const [entry] = of("server", "Api/greet");
  const span = tracing.spans.find(({ name }) => name === "greet")!;
  expect(entry).toMatchObject({
    traceId: span.spanContext().traceId,
    callId: span.spanContext().spanId,
  });
});

test("a call keeps the trace that its caller has", async () => {
  const { of } = log();
  const options = observe();
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  await api.nothing;
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  using traced = callOptions(api, { traceparent }) as any;
  await traced.greet("Ada");
  await vi.waitFor(() => expect(of("server", "Api/greet")).toHaveLength(1));
  expect(of("server", "Api/greet")[0].traceId).toBe("a".repeat(32));
});

test("failures have their error, and levels and select() decide", async () => {
  const { of, entries } = log({ failure: "warn", success: false, sessions: false });
  const options = observe();
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  await api.greet("Ada");
  await api.fails().catch(() => {});
  await vi.waitFor(() => expect(entries).toHaveLength(2));
  expect(of("server", "Api/fails")[0]).toMatchObject({
    level: 40,
    outcome: "RangeError",
    err: { type: "RangeError", message: "out of range" },
  });
});

test("sessions are logged, from the start to the reason of the end", async () => {
  const { entries } = log();
  const { api } = connectInMemory(new Api(), { client: observe({ medium: "memory" }) });
  await api.greet("Ada");
  api[Symbol.dispose]();
  const sessions = entries.filter(({ msg }) => msg.startsWith("session"));
  expect(sessions.map(({ msg, medium }) => [msg, medium])).toEqual([
    ["session started", "memory"],
    ["session ended", "memory"],
  ]);
  expect(sessions[0].session).toBe(sessions[1].session);
});

test("a logger that throws fails no call, and is reported", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => error.mockRestore());
  const fail = () => {
    throw new Error("the disk is full");
  };
  const logger = { isLevelEnabled: () => true, debug: fail, info: fail, error: fail, warn: fail };
  onTestFinished(logCalls(logger as never));
  const options = observe();
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  expect(error).toHaveBeenCalledWith(
    "Uncaught error in RPC (observer):",
    expect.objectContaining({ message: "the disk is full" }),
  );
});

test.each(["x".repeat(128), "00-", `00-${"g".repeat(32)}-${"1".repeat(16)}-01`])(
  "a peer's traceparent of any shape gives no ids: %s",
  async (traceparent) => {
    const { of } = log();
    const { api, link } = connectInMemory(new Api(), { server: observe() });
    await api.nothing;
    const context = { traceparent };
    link.client.send(JSON.stringify(["reject", 2 ** 31 - 1, { capnweb: { context } }]));
    await api.greet("Ada");
    expect(of("server", "Api/greet")[0]).not.toHaveProperty("traceId");
  },
);
