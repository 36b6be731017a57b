import {
  type CallContext,
  callOptions,
  currentCall,
  DeadlineError,
  RpcTarget,
} from "@capnweb/core";
import { describe, expect, test } from "vitest";
import { aborted } from "../../../testing/outcomes.ts";
import {
  newHttpBatchRpcResponse,
  newHttpBatchRpcSession,
  nodeHttpBatchRpcResponse,
} from "../src/index.ts";
import { bodyOf, failure, KINDS, listen } from "./support.ts";

class Main extends RpcTarget {
  readonly #begun: (context: CallContext) => void;
  constructor(begun: (context: CallContext) => void) {
    super();
    this.#begun = begun;
  }
  context() {
    const { deadline, metadata, traceparent, tracestate } = currentCall();
    const left = deadline === undefined ? undefined : deadline - Date.now();
    return { left, metadata, traceparent, tracestate };
  }
  self() {
    return this;
  }
  async hang() {
    const context = currentCall();
    this.#begun(context);
    await aborted(context.signal);
    return "aborted";
  }
}

async function serving(kind: (typeof KINDS)[number], options: object = {}) {
  let begun!: (context: CallContext) => void;
  const context = new Promise<CallContext>((resolve) => {
    begun = resolve;
  });
  let send = (request: Request) => newHttpBatchRpcResponse(request, new Main(begun), options);
  let url = "http://server.invalid/";
  if (kind === "node") {
    url = await listen((request, response) =>
      nodeHttpBatchRpcResponse(request, response, new Main(begun), options),
    );
    send = (request) => fetch(request);
  }
  const requests: Request[] = [];
  const batch = (more: object = {}) =>
    newHttpBatchRpcSession<Main>(url, {
      fetch(request) {
        requests.push(request);
        return send(request);
      },
      ...more,
    });
  const ask = (init: RequestInit) => send(new Request(url, init));
  return { ask, batch, requests, context };
}

describe.each(KINDS)("a batch to a %s server", (kind) => {
  test("carries deadline, trace and metadata in headers", async () => {
    const { batch, requests } = await serving(kind);
    const calls = callOptions(batch(), {
      timeout: 5_000,
      metadata: { tenant: "a", name: "Ada ♥" },
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      tracestate: "a=1",
    });
    const [first, second] = await Promise.all([calls.context(), calls.self().context()]);
    expect(first).toMatchObject({
      metadata: { tenant: "a", name: "Ada ♥" },
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      tracestate: "a=1",
    });
    expect(first.left).toBeLessThanOrEqual(5_001);
    expect(first.left).toBeGreaterThan(1_000);
    expect(second.metadata).toEqual(first.metadata);
    expect(requests[0]!.headers.get("capnweb-deadline")).toMatch(/^\d+$/);
  });

  test("carries no headers of a context if its calls have no options", async () => {
    const { batch, requests } = await serving(kind);
    const { metadata, left } = await batch().context();
    expect([metadata, left]).toEqual([{}, undefined]);
    const names = [...requests[0]!.headers.keys()].filter((name) => /trace|capnweb-/.test(name));
    expect(names).toEqual([]);
  });

  test("carries the latest deadline of its calls, or none if a call has none", async () => {
    const { batch } = await serving(kind);
    const api = batch();
    const both = [5_000, 100_000].map((timeout) => callOptions(api, { timeout }).context());
    for (const { left } of await Promise.all(both)) expect(left).toBeGreaterThan(50_000);
    const other = batch();
    const some = [callOptions(other, { timeout: 5_000 }).context(), other.context()];
    for (const { left } of await Promise.all(some)) expect(left).toBe(undefined);
  });

  test("refuses calls whose metadata differs from the first call's", async () => {
    const { batch } = await serving(kind);
    const api = batch();
    const first = callOptions(api, { metadata: { tenant: "a" } }).context();
    const second = callOptions(api, { metadata: { tenant: "b" } }).context();
    const third = failure(api.context());
    expect(await failure(second)).toMatchObject({ code: "CONTEXT" });
    expect(await third).toMatchObject({ code: "CONTEXT" });
    expect((await first).metadata).toEqual({ tenant: "a" });
  });

  test("carries the options of its session", async () => {
    const { batch } = await serving(kind);
    const api = batch({ call: { timeout: 5_000, metadata: { tenant: "a" } } });
    const { metadata, left } = await api.context();
    expect(metadata).toEqual({ tenant: "a" });
    expect(left).toBeLessThanOrEqual(5_001);
  });

  test("fails at its timeout, and aborts the callee's signal", async () => {
    const { batch, context } = await serving(kind);
    const outcome = failure(callOptions(batch(), { timeout: 60 }).hang());
    const { signal } = await context;
    expect(await outcome).toBeInstanceOf(DeadlineError);
    await aborted(signal);
  });

  test("ends once all its calls are cancelled, and aborts the callee's signal", async () => {
    const { batch, context } = await serving(kind);
    const controller = new AbortController();
    const outcome = failure(callOptions(batch(), { signal: controller.signal }).hang());
    const { signal } = await context;
    controller.abort(new Error("enough"));
    expect(await outcome).toMatchObject({ message: "enough" });
    await aborted(signal);
  });

  test("goes on if only some of its calls are cancelled", async () => {
    const { batch } = await serving(kind);
    const api = batch();
    const promise = api.context();
    const outcome = failure(promise);
    const other = api.context();
    await null;
    promise[Symbol.dispose]();
    expect(await outcome).toMatchObject({ code: "CANCELED" });
    expect((await other).metadata).toEqual({});
  });
});

describe.each(KINDS)("a %s server", (kind) => {
  const ask = async (headers: Record<string, string>, options: object = {}) => {
    const server = await serving(kind, options);
    return server.ask({ method: "POST", body: bodyOf("context"), headers });
  };

  test("accepts the headers of any client", async () => {
    const answer = await ask({
      "Capnweb-Deadline": "5000",
      "Capnweb-Metadata": encodeURIComponent('{"tenant":"a"}'),
      traceparent: "00-a-b-01",
    });
    const text = await answer.text();
    expect(text).toContain('"metadata":{"tenant":"a"}');
    expect(text).toContain('"traceparent":"00-a-b-01"');
    expect(text).toMatch(/"left":[1-5]\d{3}/);
  });

  test.each(["", "soon", "-5", "1e3", "NaN", "0x10", "Infinity"])(
    "ignores a deadline of %j",
    async (deadline) => {
      const answer = await ask({ "Capnweb-Deadline": deadline, traceparent: "a" });
      expect(await answer.text()).toContain('"left":["undefined"]');
    },
  );

  test.each(["{", "%", "5", "[]", '"text"', "%7B%22a%22%3A%7B"])(
    "refuses metadata of %j",
    async (metadata) => {
      const answer = await ask({ "Capnweb-Metadata": metadata });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toMatch(/^The context of the batch's calls can't be read: /);
    },
  );

  test("refuses metadata over its limit", async () => {
    const metadata = encodeURIComponent(JSON.stringify({ text: "x".repeat(200) }));
    const limits = { maxMetadataSize: 100 };
    const answer = await ask({ "Capnweb-Metadata": metadata }, { limits, onLimit() {} });
    expect(answer.status).toBe(431);
    expect(answer.headers.get("capnweb-limit")).toBe("maxMetadataSize");
  });
});

test("a batch of a client that announces nothing carries no headers of a context", async () => {
  const { batch, requests } = await serving("fetch");
  const api = batch({ announce: false });
  const { metadata } = await callOptions(api, { metadata: { tenant: "a" } }).context();
  expect(metadata).toEqual({});
  expect(requests[0]!.headers.has("capnweb-metadata")).toBe(false);
});
