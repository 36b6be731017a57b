import {
  callOptions,
  currentCall,
  intercept,
  RpcSession,
  RpcTarget,
  withinCall,
} from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { createMemoryLink } from "@capnweb/testkit";
import { context, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { ParentBasedSampler, TraceIdRatioBasedSampler } from "@opentelemetry/sdk-trace-base";
import { RpcSession as ReferenceSession, RpcTarget as ReferenceTarget } from "capnweb";
import { expect, onTestFinished, test, vi } from "vitest";
import { observe } from "../src/index.ts";
import { openTelemetry } from "../src/otel/index.ts";
import { connectInMemory } from "./support/memory.ts";
import { overBatches, overWebSocket, overWebTransport, type Serve } from "./support/processes.ts";
import {
  chainOf,
  describe,
  keepContexts,
  startMeters,
  startTracing,
  traceIdOf,
} from "./support/tracing.ts";

class Service extends RpcTarget {
  find(words: string) {
    return `found ${words}`;
  }
}

/** Calls the service after an `await`, as gateways do. */
class Gateway extends RpcTarget {
  readonly #connect: () => any;
  constructor(connect: () => any) {
    super();
    this.#connect = connect;
  }
  async search(id: number) {
    const words = await Promise.resolve(`words ${id}`);
    return await this.#connect().find(words);
  }
}

/** Lets the sessions learn their extensions. */
async function warmUp(api: any) {
  await api.nothing;
}

/** A client, a gateway and a service, with a session or batch for each pair. */
async function startThree(serve: Serve, isBatch = false) {
  const options = observe({ tracing: openTelemetry() });
  const service = await serve(() => new Service(), options);
  const connected = isBatch ? undefined : service.connect(options);
  const gateway = await serve(
    () => new Gateway(() => connected ?? service.connect(options)),
    options,
  );
  const api = gateway.connect(options);
  if (!isBatch) {
    await Promise.all([warmUp(api), warmUp(connected)]);
    onTestFinished(() => {
      api[Symbol.dispose]();
      connected[Symbol.dispose]();
    });
  }
  return api;
}

test.each([
  ["WebSockets", overWebSocket, false],
  ["HTTP batches", overBatches, true],
  ["WebTransport", overWebTransport, false],
])("one trace runs through browser, gateway and service over %s", async (_name, serve, isBatch) => {
  keepContexts();
  const tracing = startTracing();
  const api = await startThree(serve as Serve, isBatch as boolean);
  expect(await api.search(7)).toBe("found words 7");
  const named = (name: string) => tracing.spans.filter((each) => describe(each) === name);
  await vi.waitFor(() => expect(named("client search")).toHaveLength(1));
  const [leaf] = named("server Service/find");
  expect(chainOf(tracing.spans, leaf!)).toEqual([
    "client search",
    "server Gateway/search",
    "client find",
    "server Service/find",
  ]);
  const [root] = named("client search");
  expect(traceIdOf(leaf!)).toBe(traceIdOf(root!));
});

test("a trace goes on in a browser, which keeps no contexts", async () => {
  const tracing = startTracing();
  const options = observe({ tracing: openTelemetry() });
  const { api: service } = connectInMemory(new Service(), { client: options, server: options });
  class Page extends RpcTarget {
    async show(id: number) {
      const call = currentCall();
      const words = await Promise.resolve(`words ${id}`);
      return await withinCall(call, () => service.find(words));
    }
  }
  const { api: page } = connectInMemory(new Page(), { client: options, server: options });
  await Promise.all([warmUp(page), warmUp(service)]);
  await page.show(7);
  const leaf = tracing.spans.find((each) => describe(each) === "server Service/find")!;
  expect(chainOf(tracing.spans, leaf)).toEqual([
    "client show",
    "server Page/show",
    "client find",
    "server Service/find",
  ]);
});

test("a trace ends at a server of capnweb, and begins anew at a client of capnweb", async () => {
  keepContexts();
  const tracing = startTracing();
  class Api extends ReferenceTarget {
    find(words: string) {
      return `found ${words}`;
    }
  }
  const options = observe({ tracing: openTelemetry() });
  const link = createMemoryLink();
  new ReferenceSession(pullStyle(link.server), new Api());
  const api = new RpcSession<any>(link.client, undefined, options).getRemoteMain() as any;
  expect(await api.find("a")).toBe("found a");
  expect(await api.find("b")).toBe("found b");
  expect(tracing.spans.map(describe)).toEqual(["client find", "client find"]);

  const other = createMemoryLink();
  new RpcSession(other.server, new Service(), options);
  const reference = new ReferenceSession<any>(pullStyle(other.client)).getRemoteMain() as any;
  expect(await reference.find("c")).toBe("found c");
  expect(tracing.spans.slice(2).map(describe)).toEqual(["server Service/find"]);
  expect(tracing.spans[2]!.parentSpanContext).toBeUndefined();
});

/** A transport of capnweb over the end of a link. */
function pullStyle(end: ReturnType<typeof createMemoryLink>["client"]): any {
  const waiting: string[] = [];
  let wake = () => {};
  end.start({
    receive(message) {
      waiting.push(message as string);
      wake();
    },
    close() {},
  });
  return {
    send: (message: string) => void end.send(message),
    async receive() {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift();
    },
  };
}

class Files extends RpcTarget {
  read(fails = false) {
    let n = 0;
    return new ReadableStream({
      pull(controller) {
        if (n < 3) controller.enqueue(`chunk ${n++}`);
        else if (fails) controller.error(new RangeError("torn"));
        else controller.close();
      },
    });
  }
}

test("the spans of a call that gives a stream last until the stream ends", async () => {
  keepContexts();
  const tracing = startTracing();
  const options = observe({ tracing: openTelemetry() });
  const { api } = connectInMemory(new Files(), { client: options, server: options });
  const stream: ReadableStream<string> = await api.read();
  const reader = stream.getReader();
  expect(await reader.read()).toEqual({ done: false, value: "chunk 0" });
  reader.releaseLock();
  expect(tracing.spans.map(describe)).not.toContain("client read");
  const rest: string[] = [];
  for await (const chunk of stream) rest.push(chunk);
  expect(rest).toEqual(["chunk 1", "chunk 2"]);
  await vi.waitFor(() => {
    expect(tracing.spans.map(describe).sort()).toEqual(["client read", "server Files/read"]);
  });
});

test.each([
  ["is piped", (stream: ReadableStream) => stream.pipeTo(new WritableStream())],
  [
    "is piped through",
    (stream: ReadableStream) =>
      stream.pipeThrough(new TransformStream()).pipeTo(new WritableStream()),
  ],
  ["is canceled", (stream: ReadableStream) => stream.cancel()],
  [
    "is left early",
    async (stream: ReadableStream) => {
      for await (const _ of stream as any) break;
    },
  ],
])("the span of a stream ends when it %s", async (_name, use) => {
  const tracing = startTracing();
  const options = observe({ tracing: openTelemetry() });
  const { api } = connectInMemory(new Files(), { client: options });
  await use(await api.read());
  await vi.waitFor(() => expect(tracing.spans.map(describe)).toEqual(["client read"]));
});

test("the span of a stream that fails has its error", async () => {
  const tracing = startTracing();
  const options = observe({ tracing: openTelemetry() });
  const { api } = connectInMemory(new Files(), { client: options });
  const stream = await api.read(true);
  await expect(stream.pipeTo(new WritableStream())).rejects.toThrow("torn");
  await vi.waitFor(() => {
    expect(tracing.spans[0]?.attributes["error.type"]).toBe("RangeError");
  });
});

test("a call that is made again on another session has one span", async () => {
  const tracing = startTracing();
  const links: ReturnType<typeof createMemoryLink>[] = [];
  let calls = 0;
  class Api extends RpcTarget {
    async slow() {
      if (++calls === 1) await new Promise(() => {});
      return calls;
    }
  }
  const options = observe({ tracing: openTelemetry() });
  using connection = connect<any>({
    open() {
      const link = createMemoryLink();
      links.push(link);
      new RpcSession(link.server, new Api(), options);
      return link.client;
    },
    backoff: { min: 0, max: 0 },
    ...options,
  });
  await connection.ready();
  using api = callOptions(connection.api, { idempotent: true }) as any;
  const call = api.slow().then((result: number) => result);
  await vi.waitFor(() => expect(calls).toBe(1));
  links[0]!.cut();
  expect(await call).toBe(2);
  const clients = tracing.spans.filter((each) => describe(each) === "client slow");
  expect(clients).toHaveLength(1);
  expect(clients[0]!.status.code).toBe(SpanStatusCode.UNSET);
  const servers = tracing.spans.filter((each) => describe(each) === "server Api/slow");
  expect(servers.every((each) => traceIdOf(each) === traceIdOf(clients[0]!))).toBe(true);
});

test("the span of a call that waits in vain for another session ends with its error", async () => {
  const tracing = startTracing();
  const links: ReturnType<typeof createMemoryLink>[] = [];
  class Api extends RpcTarget {
    slow() {
      return new Promise(() => {});
    }
  }
  const options = observe({ tracing: openTelemetry() });
  using connection = connect<any>({
    open() {
      if (links.length > 0) throw new Error("The server is gone.");
      const link = createMemoryLink();
      links.push(link);
      new RpcSession(link.server, new Api());
      return link.client;
    },
    offline: { maxAge: 50 },
    ...options,
  });
  await connection.ready();
  using api = callOptions(connection.api, { idempotent: true }) as any;
  const call = api.slow().then(undefined, (error: Error) => error);
  await links[0]!.settle();
  links[0]!.cut();
  await call;
  await vi.waitFor(() => expect(tracing.spans).toHaveLength(1));
  expect(tracing.spans[0]!.status.code).toBe(SpanStatusCode.ERROR);
});

test("calls that aren't sampled share a context, which is sent once", async () => {
  keepContexts();
  const sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(0) });
  const tracing = startTracing({ sampler });
  const options = observe({ tracing: openTelemetry() });
  const seen = new Set<unknown>();
  class Api extends RpcTarget {
    ping() {
      seen.add(currentCall().traceparent);
    }
  }
  const { api, link } = connectInMemory(new Api(), { client: options, server: options });
  await warmUp(api);
  for (let i = 0; i < 20; i++) await api.ping();
  expect([...seen]).toEqual([expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)]);
  const contexts = link.sentBy("client").filter((text) => `${text}`.includes("traceparent"));
  expect(contexts).toHaveLength(1);
  expect(tracing.spans).toEqual([]);
});

test("sample leaves calls out on both sides, except for those in a trace", async () => {
  keepContexts();
  const tracing = startTracing();
  const leaving = observe({ tracing: openTelemetry({ sample: 0 }) });
  const { api, link } = connectInMemory(new Service(), { client: leaving, server: leaving });
  await warmUp(api);
  for (let i = 0; i < 20; i++) await api.find("a");
  expect(tracing.spans).toEqual([]);
  expect(link.sentBy("client").some((text) => `${text}`.includes("traceparent"))).toBe(false);
  await tracing.tracer.startActiveSpan("page", async (span) => {
    await api.find("b");
    span.end();
  });
  await vi.waitFor(() => expect(tracing.spans).toHaveLength(3));
  const leaf = tracing.spans.find((each) => describe(each) === "server Service/find")!;
  expect(chainOf(tracing.spans, leaf)).toEqual([
    "internal page",
    "client find",
    "server Service/find",
  ]);
  await api.find("c");
  expect(tracing.spans).toHaveLength(3);
});

test("a server that samples follows the decisions of a client that traces", async () => {
  keepContexts();
  const tracing = startTracing();
  const { api, client } = connectInMemory(new Service(), {
    server: observe({ tracing: openTelemetry({ sample: 1 }) }),
  });
  await warmUp(api);
  await api.find("a");
  expect(tracing.spans.map(describe)).toContain("server Service/find");
  const before = tracing.spans.length;
  using traced = callOptions(client.getRemoteMain(), {
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  }) as any;
  await traced.find("b");
  expect(tracing.spans).toHaveLength(before + 1);
  await api.find("c");
  expect(tracing.spans).toHaveLength(before + 1);
});

/** Does what an instrumented client of HTTP does: begins a span, if the active context has it. */
class Instrumented extends RpcTarget {
  readonly #tracer: Tracer;
  readonly #service: any;
  constructor(tracer: Tracer, service?: any) {
    super();
    this.#tracer = tracer;
    this.#service = service;
  }
  async fetch() {
    await Promise.resolve();
    this.#tracer.startSpan("GET").end();
    return await this.#service?.find("a");
  }
}

test("a method that sample leaves out begins no trace, with its calls or otherwise", async () => {
  keepContexts();
  const tracing = startTracing();
  const { api: service } = connectInMemory(new Service(), {
    client: observe({ tracing: openTelemetry({ sample: 1 }) }),
  });
  const { api } = connectInMemory(new Instrumented(tracing.tracer, service), {
    server: observe({ tracing: openTelemetry({ sample: 0 }) }),
  });
  await Promise.all([warmUp(api), warmUp(service)]);
  tracing.reset();
  expect(await api.fetch()).toBe("found a");
  expect(tracing.spans).toEqual([]);
});

test("the decision of a caller against a trace reaches the code of the method", async () => {
  keepContexts();
  const tracing = startTracing();
  const { client } = connectInMemory(new Instrumented(tracing.tracer), {
    server: observe({ tracing: openTelemetry({ sample: 1 }) }),
  });
  await warmUp(client.getRemoteMain());
  const called = async (flags: string) => {
    tracing.reset();
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-${flags}`;
    using api = callOptions(client.getRemoteMain(), { traceparent }) as any;
    await api.fetch();
    await new Promise(setImmediate);
    return tracing.spans.map(describe);
  };
  expect(await called("00")).toEqual([]);
  expect(await called("02")).toEqual([]);
  expect(await called("01")).toEqual(["internal GET", "server Instrumented/fetch"]);
});

test("calls within a span that isn't sampled tell the peer so, without a span", async () => {
  keepContexts();
  const tracing = startTracing();
  const seen: unknown[] = [];
  class Api extends RpcTarget {
    ping() {
      seen.push(currentCall().traceparent);
    }
  }
  const options = observe({ tracing: openTelemetry({ sample: 1 }) });
  const { api } = connectInMemory(new Api(), { client: options });
  await warmUp(api);
  tracing.reset();
  const unsampled = { traceId: "c".repeat(32), spanId: "d".repeat(16), traceFlags: 0 };
  await context.with(trace.setSpanContext(context.active(), unsampled), () => api.ping());
  expect(seen).toEqual([`00-${"c".repeat(32)}-${"d".repeat(16)}-00`]);
  expect(tracing.spans).toEqual([]);
});

test("a tracer provider that is registered later is used", async () => {
  const options = observe({ tracing: openTelemetry() });
  const { api } = connectInMemory(new Service(), { client: options });
  await api.find("a");
  const tracing = startTracing();
  await api.find("b");
  await vi.waitFor(() => expect(tracing.spans.map(describe)).toEqual(["client find"]));
});

test.each([
  ["other characters", `00-${"g".repeat(32)}-${"1".repeat(16)}-01`],
  ["zeros", `00-${"0".repeat(32)}-${"1".repeat(16)}-01`],
  ["the forbidden version", `ff-${"1".repeat(32)}-${"1".repeat(16)}-01`],
  ["a tail of version 00", `00-${"1".repeat(32)}-${"1".repeat(16)}-01-tail`],
  ["128 dashes", "-".repeat(128)],
  ["upper case", `00-${"A".repeat(32)}-${"1".repeat(16)}-01`],
  ["an absurd length", "0".repeat(100_000)],
])("a traceparent of %s begins a new trace", async (_name, traceparent) => {
  const tracing = startTracing();
  const { api, link } = connectInMemory(new Service(), {
    server: observe({ tracing: openTelemetry() }),
  });
  await warmUp(api);
  const context = { traceparent, tracestate: "=".repeat(100_000) };
  link.client.send(JSON.stringify(["reject", 2 ** 31 - 1, { capnweb: { context } }]));
  expect(await api.find("a")).toBe("found a");
  const [span] = tracing.spans.filter((each) => describe(each) === "server Service/find");
  expect(span!.parentSpanContext).toBeUndefined();
});

test("acceptTrace keeps a peer's trace out, except for a link to it", async () => {
  const tracing = startTracing();
  const { api } = connectInMemory(new Service(), {
    client: observe({ tracing: openTelemetry() }),
    server: observe({
      tracing: openTelemetry({
        acceptTrace: () => {
          throw new Error("undecided");
        },
      }),
    }),
  });
  await warmUp(api);
  await api.find("a");
  const [client] = tracing.spans.filter((each) => describe(each) === "client find");
  const [server] = tracing.spans.filter((each) => describe(each) === "server Service/find");
  expect(traceIdOf(server!)).not.toBe(traceIdOf(client!));
  expect(server!.links.map(({ context }) => context.spanId)).toEqual([
    client!.spanContext().spanId,
  ]);
});

test("spans and durations follow the conventions for RPC", async () => {
  const tracing = startTracing();
  const { meter, collect } = startMeters();
  class Api extends RpcTarget {
    ok() {}
    fails() {
      throw new RangeError("out of range");
    }
  }
  const attributes = { "server.address": "api.example.com" };
  const options = observe({ tracing: openTelemetry({ meter, attributes }) });
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  await api.ok();
  await expect(Promise.resolve(api.fails())).rejects.toThrow("out of range");
  await expect(Promise.resolve(api.madeUp())).rejects.toThrow();
  await vi.waitFor(() => expect(tracing.spans).toHaveLength(6));
  const attributesOf = (name: string) =>
    tracing.spans.find((each) => describe(each) === name)!.attributes;
  const common = { "rpc.system.name": "capnweb", ...attributes };
  expect(attributesOf("server Api/ok")).toEqual({ ...common, "rpc.method": "Api/ok" });
  expect(attributesOf("server Api/fails")).toEqual({
    ...common,
    "rpc.method": "Api/fails",
    "error.type": "RangeError",
  });
  expect(attributesOf("server capnweb")).toEqual({
    ...common,
    "rpc.method": "_OTHER",
    "error.type": "PATH",
  });
  expect(attributesOf("client capnweb")["rpc.method"]).toBe("_OTHER");
  const measured = await collect();
  expect(measured.map(({ descriptor }) => [descriptor.name, descriptor.unit])).toEqual([
    ["rpc.client.call.duration", "s"],
    ["rpc.server.call.duration", "s"],
  ]);
  const [, server] = measured;
  expect(server!.dataPoints.map((each) => each.attributes)).toContainEqual({
    ...common,
    "rpc.method": "Api/fails",
    "error.type": "RangeError",
  });
});

test("names that an interceptor refuses are none of its spans", async () => {
  const tracing = startTracing();
  const guard = {
    serve() {
      throw new Error("refused");
    },
  };
  const { api } = connectInMemory(new Service(), {
    server: observe({ tracing: openTelemetry(), interceptors: [guard] }),
  });
  for (let i = 0; i < 3; i++)
    await expect(Promise.resolve(api[`made up ${i}`]())).rejects.toThrow("refused");
  expect(new Set(tracing.spans.map(describe))).toEqual(new Set(["server capnweb"]));
});

test("tracing works without observe(), and without an SDK", async () => {
  const options = { interceptors: intercept(openTelemetry()) };
  const { api, link } = connectInMemory(new Service(), { client: options, server: options });
  expect(await api.find("a")).toBe("found a");
  expect(await api.find("b")).toBe("found b");
  expect(link.sentBy("client").some((text) => `${text}`.includes("traceparent"))).toBe(false);
});
