import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { breakStub, intercept, RpcTarget } from "@capnweb/core";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { newHttpBatchRpcSession } from "@capnweb/transport-http";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { Registry } from "prom-client";
import { expect, onTestFinished, test, vi } from "vitest";
import { observe, observeConnection } from "../src/index.ts";
import { collectMetrics } from "../src/prometheus/index.ts";
import { connectInMemory, reconnectInMemory } from "./support/memory.ts";
import { promtool } from "./support/promtool.ts";

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  fails() {
    throw new RangeError("out of range");
  }
  wait() {
    return new Promise(() => {});
  }
  give(target = new Api()) {
    return target;
  }
  async take(stream: ReadableStream) {
    for await (const _ of stream as any);
  }
}

/** Metrics in a registry of their own, until the test is over. */
function collect() {
  const registry = new Registry();
  onTestFinished(collectMetrics({ registry }));
  return {
    registry,
    /** The value of a sample, by its line without the value; `undefined` if there is none. */
    async value(sample: string): Promise<number | undefined> {
      const lines = (await registry.metrics()).split("\n");
      const line = lines.find((each) => each.startsWith(`${sample} `));
      return line === undefined ? undefined : Number(line.slice(sample.length));
    },
  };
}

/** Serves a host under `/api` of a server, until the test is over. */
async function serve(host: RpcHost<any, any>) {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await host.close();
    server.close();
  });
  attachHost(host, server, { path: "/api" });
  return server;
}

test("operations are counted by side, method and outcome, with their durations", async () => {
  const { value } = collect();
  const options = observe();
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  await api.greet("Ada");
  await api.greet("Grace");
  await api.fails().catch(() => {});
  void api.wait().then(undefined, () => {});
  await api.greet;
  const labels = 'side="server",operation="call",method="Api/greet"';
  expect(await value(`capnweb_calls_total{${labels},outcome="ok"}`)).toBe(2);
  expect(await value(`capnweb_call_duration_seconds_count{${labels}}`)).toBe(2);
  expect(await value(`capnweb_call_duration_seconds_bucket{${labels},le="10"}`)).toBe(2);
  expect(
    await value(
      'capnweb_calls_total{side="server",operation="call",method="Api/fails",outcome="RangeError"}',
    ),
  ).toBe(1);
  expect(
    await value('capnweb_calls_total{side="client",operation="get",method="_OTHER",outcome="ok"}'),
  ).toBe(1);
  expect(await value('capnweb_pending_calls{side="server"}')).toBe(1);
  expect(await value('capnweb_pending_calls{side="client"}')).toBe(1);
  api[Symbol.dispose]();
  await vi.waitFor(async () => {
    expect(await value('capnweb_pending_calls{side="client"}')).toBe(0);
  });
});

test("sessions, what they hold, their frames and bytes are counted", async () => {
  const { value } = collect();
  const { api } = connectInMemory(new Api(), { server: observe({ medium: "memory" }) });
  const given = await api.give();
  expect(await value('capnweb_sessions{medium="memory"}')).toBe(1);
  expect(await value('capnweb_exports{medium="memory"}')).toBe(2);
  expect(await value('capnweb_imports{medium="memory"}')).toBe(1);
  expect(await value('capnweb_held_bytes{medium="memory"}')).toBeGreaterThan(0);
  expect(await value('capnweb_frames_total{direction="in"}')).toBeGreaterThan(0);
  expect(await value('capnweb_traffic_bytes_total{direction="out"}')).toBeGreaterThan(10);
  given[Symbol.dispose]();
  api[Symbol.dispose]();
  await vi.waitFor(async () => expect(await value('capnweb_sessions{medium="memory"}')).toBe(0));
  expect(await value('capnweb_sessions_started_total{medium="memory"}')).toBe(1);
  expect(
    await value('capnweb_sessions_ended_total{medium="memory",reason="SESSION_DISPOSED"}'),
  ).toBeUndefined();
});

test("chunks in the windows of streams are counted while nothing reads them", async () => {
  const { value } = collect();
  let release = () => {};
  class Slow extends RpcTarget {
    async take(stream: ReadableStream) {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      for await (const _ of stream as any);
    }
  }
  const { api, link } = connectInMemory(new Slow(), { client: observe() });
  const chunks = ["a", "b", "c"];
  const stream = new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const taken = api.take(stream).then(() => {});
  await link.settle();
  expect(await value('capnweb_stream_chunks_pending{side="client"}')).toBeGreaterThan(0);
  release();
  await taken;
  await vi.waitFor(async () => {
    expect(await value('capnweb_stream_chunks_pending{side="client"}')).toBe(0);
  });
});

test("windows of streams, and the bytes in them, are summed while the streams last", async () => {
  const { value } = collect();
  const sumOf = async (name: string) => (await value(name)) ?? Number.NaN;
  let release = () => {};
  class Slow extends RpcTarget {
    async take(stream: ReadableStream) {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      for await (const _ of stream as any);
    }
  }
  const { api, link } = connectInMemory(new Slow(), { client: observe() });
  const chunks = Array.from({ length: 40 }, () => "x".repeat(32 * 1024));
  const source = () =>
    new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      },
    });
  const before = await sumOf("capnweb_streams");
  const taken = api.take(source()).then(() => {});
  await link.settle();
  expect(await sumOf("capnweb_streams")).toBe(before + 1);
  const window = await sumOf("capnweb_stream_window_bytes");
  expect(window).toBeGreaterThanOrEqual(64 * 1024);
  // The writer waits at the edge of its window.
  expect(await sumOf("capnweb_stream_in_flight_bytes")).toBeGreaterThanOrEqual(window);
  expect(await sumOf("capnweb_stream_in_flight_bytes")).toBeLessThan(window + 64 * 1024);
  release();
  await taken;
  await vi.waitFor(async () => {
    expect(await sumOf("capnweb_streams")).toBe(before);
    expect(await sumOf("capnweb_stream_window_bytes")).toBe(0);
    expect(await sumOf("capnweb_stream_in_flight_bytes")).toBe(0);
  });
  // A session that ends takes its streams along.
  chunks.push("a");
  void api.take(source()).catch(() => {});
  await link.settle();
  expect(await sumOf("capnweb_streams")).toBe(before + 1);
  api[Symbol.dispose]();
  await vi.waitFor(async () => expect(await sumOf("capnweb_streams")).toBe(before));
});

test("limits that peers exceed, and connections that came back, are counted", async () => {
  const { value } = collect();
  const server = { ...observe(), limits: { maxMessageSize: 1000 } };
  const { link } = connectInMemory(new Api(), { server });
  link.client.send(JSON.stringify(["push", "x".repeat(2000)]));
  await vi.waitFor(async () => {
    expect(await value('capnweb_limits_exceeded_total{limit="maxMessageSize"}')).toBe(1);
  });

  const { connection: made, links } = reconnectInMemory(() => new Api());
  using connection = made;
  onTestFinished(observeConnection(connection));
  await connection.ready();
  links[0]!.cut();
  await vi.waitFor(async () => {
    expect(await value('capnweb_connects_total{outcome="restored"}')).toBe(1);
  });
  expect(await value('capnweb_connects_total{outcome="opened"}')).toBe(1);
});

test("a capability that its owner breaks is counted at both ends, and a failed call isn't", async () => {
  const { value } = collect();
  const broken = (direction: string) =>
    value(`capnweb_broken_capabilities_total{direction="${direction}"}`);
  const target = new Api();
  class Giver extends Api {
    target() {
      return target;
    }
  }
  const options = observe();
  const giver = connectInMemory(new Giver(), { client: options, server: options });
  const given = await giver.api.target();
  await expect(giver.api.fails().then()).rejects.toThrow("out of range");
  expect([await broken("in"), await broken("out")]).toEqual([0, 0]);
  breakStub(target, new Error("broken"));
  await giver.link.settle();
  expect([await broken("in"), await broken("out")]).toEqual([1, 1]);
  given[Symbol.dispose]();
});

test("a promise in a result that rejects is counted, also with an application's interceptors", async () => {
  const { value } = collect();
  class Promising extends RpcTarget {
    both() {
      const late = Promise.reject(new Error("late"));
      late.catch(() => {});
      return { late };
    }
  }
  // Options of another package may be put around those of `observe()`.
  const outer = intercept({ serve: (_, next) => next() });
  const interceptors = outer.around(observe().interceptors!);
  const { api, link } = connectInMemory(new Promising(), { server: { interceptors } });
  await expect(api.both().then()).rejects.toThrow("late");
  await link.settle();
  expect(await value('capnweb_broken_capabilities_total{direction="out"}')).toBe(1);
});

test("10,000 made-up names, codes and sessions make no more series than ten", async () => {
  const { registry } = collect();
  const options = observe();
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  await api.greet("Ada");
  await api.fails().catch(() => {});
  const count = async () => (await registry.metrics()).split("\n").length;
  const before = await count();
  for (let i = 0; i < 10_000; i++) {
    await (i % 2 ? api[`made up ${i}`]() : api[`made up ${i}`]).then(undefined, () => {});
  }
  const series = (await count()) - before;
  // The reads, and the calls of _OTHER: a histogram and a counter each, on both sides.
  expect(series).toBeLessThan(4 * 20);
  const text = await registry.metrics();
  expect(text).not.toContain("made up");
});

test("session churn leaves no series and no sessions behind", async () => {
  const { registry } = collect();
  const options = observe();
  const series = async () => (await registry.metrics()).replaceAll(/ \S+$/gm, "");
  const churn = async (sessions: number) => {
    for (let i = 0; i < sessions; i++) {
      const { link, api } = connectInMemory(new Api(), { client: options, server: options });
      await api.greet("Ada");
      api[Symbol.dispose]();
      await link.settle();
    }
  };
  await churn(10);
  const before = await series();
  await churn(190);
  expect(await series()).toBe(before);
  expect(await registry.getSingleMetricAsString("capnweb_sessions")).toContain(
    'capnweb_sessions{medium="other"} 0',
  );
});

test("a second collection in one registry is refused, and leaves no subscriber", () => {
  const { registry } = collect();
  expect(() => collectMetrics({ registry })).toThrow("already been registered");
  expect(() => collectMetrics({ buckets: [2, 1] })).toThrow("ascending");
});

test("sessions keep their medium if a tool has interceptors around those of observe()", async () => {
  const { value } = collect();
  const host = new RpcHost({ createMain: () => new Api(), ...observe() });
  host.watch(() => ({ interceptors: intercept({ serve: (_, next) => next() }) }));
  host.watch(() => ({ interceptors: observe().interceptors }));
  const server = await serve(host);
  const { port } = server.address() as AddressInfo;
  const api = newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api`) as any;
  onTestFinished(() => api[Symbol.dispose]());
  await api.greet("Ada");
  expect(await value('capnweb_sessions{medium="websocket"}')).toBe(1);
});

test.skipIf(!promtool)(
  "the scrape of a server under WebSockets and batches passes promtool (Debian: prometheus)",
  async () => {
    const { registry } = collect();
    const host = new RpcHost({ createMain: () => new Api(), ...observe() });
    const server = await serve(host);
    server.on("request", async (request, response) => {
      if (request.url !== "/metrics") return;
      response.setHeader("content-type", registry.contentType);
      response.end(await registry.metrics());
    });
    const { port } = server.address() as AddressInfo;
    const api = newWebSocketRpcSession<any>(`ws://127.0.0.1:${port}/api`) as any;
    onTestFinished(() => api[Symbol.dispose]());
    await api.greet("Ada");
    await api.fails().catch(() => {});
    const batch = newHttpBatchRpcSession<any>(`http://127.0.0.1:${port}/api`) as any;
    await batch.greet("Grace");
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await answer.text();
    expect(text).toContain('capnweb_sessions{medium="websocket"} 1');
    expect(text).toContain('capnweb_sessions_started_total{medium="http"} 1');
    const checked = spawnSync(promtool!, ["check", "metrics"], { input: text, encoding: "utf8" });
    expect([checked.status, checked.stderr, checked.stdout]).toEqual([0, "", ""]);
  },
);
