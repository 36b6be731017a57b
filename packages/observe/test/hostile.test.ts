import { Writable, type WritableOptions } from "node:stream";
import { RpcTarget } from "@capnweb/core";
import type { Meter, Tracer } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { debugMessages, lostErrors, redactByName, trackCapabilities } from "../src/debug/index.ts";
import { observe } from "../src/index.ts";
import { openTelemetry } from "../src/otel/index.ts";
import { logCalls } from "../src/pino/index.ts";
import { collectMetrics } from "../src/prometheus/index.ts";
import { connectInMemory } from "./support/memory.ts";

/** Clears the screen, forges a line, and turns the text round. */
const CONTROLS = "\u001b[2J\u009b31m\r\n\u2028s9 forged\u202e";
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  fails() {
    throw new RangeError(`bad ${CONTROLS}`);
  }
  failsWith(error: unknown) {
    throw error;
  }
}

function silentConsole() {
  const reported = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => reported.mockRestore());
  return reported;
}

test("no text of a peer has control characters once it is printed", async () => {
  const lines: string[] = [];
  onTestFinished(debugMessages({ enabled: true, print: (line) => void lines.push(line) }));
  const capabilities = trackCapabilities();
  onTestFinished(() => capabilities.stop());
  const warn = vi.fn<(text: string) => void>();
  const served = connectInMemory(new Api(), { server: observe() });
  const { link } = served;
  const name = `a${CONTROLS}`;
  for (const message of [
    ["push", ["pipeline", 0, [name], [name, { [name]: name }, ["export", -1]]]],
    ["pull", 1],
    ["reject", 2 ** 31 - 1, { capnweb: { [name]: name, cancel: name } }],
    ["abort", ["error", name, name]],
  ]) {
    link.client.send(JSON.stringify(message));
    await link.settle();
    lines.push(...capabilities.text().split("\n"));
  }
  const { api } = connectInMemory(new Api(), {
    client: observe({ interceptors: [lostErrors({ warn })] }),
  });
  void api.fails();
  await vi.waitFor(() => expect(warn).toHaveBeenCalled());
  lines.push(warn.mock.calls[0]![0]);
  expect(lines.length).toBeGreaterThan(8);
  expect(lines.filter((line) => HARMFUL.test(line))).toEqual([]);
  expect(lines.join("\n")).toContain("session ends");
});

test("messages with values that have no text are told, and so are those that follow", async () => {
  const reported = silentConsole();
  const lines: string[] = [];
  onTestFinished(debugMessages({ enabled: true, print: (line) => void lines.push(line) }));
  const { link } = connectInMemory(new Api(), { server: observe() });
  const none = { toString: 1, valueOf: 1 };
  link.client.send(JSON.stringify(["reject", 2 ** 31 - 1, { capnweb: { cancel: none } }]));
  link.client.send(JSON.stringify(["push", ["pipeline", 0, ["greet"], ["Ada", none]]]));
  link.client.send(JSON.stringify(["push", ["pipeline", 0, [none], [["bigint", none]]]]));
  await link.settle();
  expect(lines.join("\n")).toContain("<- call peer's #1 greet(");
  expect(lines.join("\n")).toContain("<- call peer's #2 ");
  const ofObservers = reported.mock.calls.filter(([text]) => `${text}`.includes("observer"));
  expect(ofObservers).toEqual([]);
});

test.each([
  ...["password", "passwordHash", "passphrase", "newPasscode", "pwd", "db_pass", "apiKey"],
  ...["privateKey", "access_key", "sessionId", "jwt", "bearer", "otp", "Set-Cookie", "idToken"],
])("a member named %s is hidden", (name) => {
  const place = { method: "m", part: "arguments", path: [0, name] } as const;
  expect(redactByName("value", place)).toBe("<redacted>");
});

test.each(["compass", "passenger", "key", "keyboard", "pinned", "shipping", "name"])(
  "a member named %s is shown",
  (name) => {
    const place = { method: "m", part: "arguments", path: [0, name] } as const;
    expect(redactByName("value", place)).toBe("value");
  },
);

test("logs have a bounded part of errors: no properties, and neither values that were thrown", async () => {
  const entries: any[] = [];
  const logger = pino({ level: "trace" }, { write: (line) => void entries.push(JSON.parse(line)) });
  onTestFinished(logCalls(logger));
  const { api } = connectInMemory(new Api(), { client: observe(), server: observe() });
  const long = "x".repeat(1_000_000);
  const cause = Object.assign(new TypeError("the cause"), { token: "secret" });
  const error = Object.assign(new RangeError(long, { cause }), {
    code: "E_RANGE",
    token: "secret",
  });
  for (const thrown of [error, { token: "secret", long }, `text ${long}`, 5]) {
    await api.failsWith(thrown).catch(() => {});
  }
  await vi.waitFor(() => expect(entries.filter(({ err }) => err)).toHaveLength(8));
  const [first, object] = entries.filter(({ side, err }) => side === "server" && err);
  expect(first.err).toMatchObject({ type: "RangeError", code: "E_RANGE" });
  expect(first.err.message).toContain("the cause");
  expect(object.err.message).toBe("A value that is no error was thrown.");
  expect(JSON.stringify(entries)).not.toContain("secret");
  expect(Math.max(...entries.map((entry) => JSON.stringify(entry).length))).toBeLessThan(30_000);
});

test("tracers and meters that throw fail no call, and are reported", async () => {
  const reported = silentConsole();
  const fail = () => {
    throw new Error("the collector is gone");
  };
  const tracer = { startSpan: fail } as unknown as Tracer;
  const meter = { createHistogram: () => ({ record: fail }) } as unknown as Meter;
  const options = observe({ tracing: openTelemetry({ tracer, meter }) });
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  await expect(api.fails()).rejects.toThrow(RangeError);
  expect(reported).toHaveBeenCalled();
});

const later = (fail: () => void) => void setTimeout(fail, 0);

test.each<[string, SpanExporter["export"]]>([
  ["hangs", () => {}],
  [
    "throws",
    () => {
      throw new Error("the collector is gone");
    },
  ],
  ["fails later", (_spans, done) => later(() => done({ code: 1, error: new Error("too late") }))],
])("an exporter that %s fails no call, and its spans take bounded memory", async (_, send) => {
  const asked: number[] = [];
  const exporter: SpanExporter = {
    export(spans, done) {
      asked.push(spans.length);
      send(spans, done);
    },
    shutdown: async () => {},
  };
  const processor = new BatchSpanProcessor(exporter, {
    maxExportBatchSize: 4,
    maxQueueSize: 8,
    scheduledDelayMillis: 1,
    exportTimeoutMillis: 1,
  });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  onTestFinished(() => provider.shutdown().catch(() => {}));
  const options = observe({ tracing: openTelemetry({ tracer: provider.getTracer("test") }) });
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  const names = Array.from({ length: 50 }, (_, i) => `${i}`);
  const greetings = names.map((name) => `Hello, ${name}!`);
  expect(await Promise.all(names.map((name) => api.greet(name)))).toEqual(greetings);
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(1));
  expect(await Promise.all(names.map((name) => api.greet(name)))).toEqual(greetings);
  expect(Math.max(...asked)).toBeLessThanOrEqual(4);
});

test("a destination of logs that fails later fails no call", async () => {
  const failed = vi.fn<(error: Error) => void>();
  const write: WritableOptions["write"] = (_chunk, _encoding, done) =>
    later(() => done(new Error("the disk is full")));
  const destination = new Writable({ write }).on("error", failed);
  onTestFinished(logCalls(pino({ level: "trace" }, destination)));
  const { api } = connectInMemory(new Api(), { client: observe(), server: observe() });
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  await vi.waitFor(() => expect(failed).toHaveBeenCalled());
  expect(destination.destroyed).toBe(true);
  expect(await api.greet("Bo")).toBe("Hello, Bo!");
  await expect(api.fails()).rejects.toThrow(RangeError);
});

test("a registry that has one of the metrics gets none of the others", async () => {
  const other = new Registry();
  onTestFinished(collectMetrics({ registry: other }));
  const registry = new Registry();
  registry.registerMetric(other.getSingleMetric("capnweb_sessions")!);
  expect(() => collectMetrics({ registry })).toThrow("already been registered");
  expect(registry.getMetricsAsArray()).toHaveLength(1);
});
