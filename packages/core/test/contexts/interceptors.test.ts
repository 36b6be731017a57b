// Interceptors and the contexts of calls: they see them in both directions, and add to them.
import { describe, expect, test, vi } from "vitest";
import {
  type CallContext,
  callOptions,
  currentCall,
  type IncomingCall,
  type Interceptor,
  intercept,
  NoCallError,
  type RpcSessionOptions,
  RpcTarget,
  type TravellingContext,
} from "../../src/index.ts";
import { Application, aborted, described } from "../support/application.ts";
import { failure } from "../support/failure.ts";
import { pair, settle } from "../support/pair.ts";

const PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

async function connected(interceptor: Interceptor, client: RpcSessionOptions = {}) {
  const main = new Application();
  const interceptors = intercept(interceptor);
  const ends = pair(main, {
    client: { announce: true, interceptors, ...client },
    server: { announce: true, interceptors },
  });
  await ends.api.echo("the announcements have arrived");
  return { main, ...ends, api: ends.api as any };
}

function plain({ metadata, traceparent, tracestate, deadline }: TravellingContext) {
  return { metadata, traceparent, tracestate, hasDeadline: deadline !== undefined };
}

describe("an interceptor of outgoing calls", () => {
  test("sees the context that a call leaves with: the session's, the stub's, the outer call's", async () => {
    const seen: unknown[] = [];
    const { api } = await connected(
      {
        call(call, next) {
          seen.push(plain(call.context));
          return next();
        },
      },
      { call: { metadata: { client: "web" } } },
    );
    seen.length = 0;
    await api.echo(1);
    await callOptions(api, { timeout: 5_000, metadata: { tenant: "a" }, traceparent: PARENT })
      .child;
    expect(seen).toEqual([
      { metadata: { client: "web" }, hasDeadline: false },
      { metadata: { client: "web", tenant: "a" }, traceparent: PARENT, hasDeadline: true },
    ]);
  });

  test("adds to the context, the outermost first, for calls, reads and maps", async () => {
    const main = new Application();
    const seen: unknown[] = [];
    const adds = (added: object): Interceptor => ({ call: (_call, next) => next(added) });
    const { api } = pair(main, {
      client: {
        announce: true,
        interceptors: intercept(
          adds({ metadata: { a: 1, b: 1 }, traceparent: PARENT, tracestate: "x=1" }),
          adds({ metadata: { b: 2 } }),
        ),
      },
      server: {
        announce: true,
        interceptors: intercept({
          serve(call, next) {
            seen.push([call.kind, described(call.context)]);
            return next();
          },
        }),
      },
    }) as any;
    await api.echo("the announcements have arrived");
    seen.length = 0;
    const expected = {
      left: undefined,
      metadata: { a: 1, b: 2 },
      traceparent: PARENT,
      tracestate: "x=1",
    };
    expect(await api.context()).toEqual(expected);
    await api.child;
    await api.users().map((user: any) => user);
    expect(seen).toEqual([
      ["call", expected],
      ["get", expected],
      ["call", expected],
      ["map", expected],
    ]);
  });

  test("keeps the deadline and the signal of a call that it adds to", async () => {
    const { api, main } = await connected({
      call: (_call, next) => next({ metadata: { traced: true } }),
    });
    const controller = new AbortController();
    const options = { timeout: 60_000, signal: controller.signal };
    const hanging = failure(callOptions(api, options).hang());
    const context = await main.begun();
    expect([context.metadata, context.deadline !== undefined]).toEqual([{ traced: true }, true]);
    controller.abort(new Error("enough"));
    expect(await hanging).toEqual(new Error("enough"));
    await aborted(context.signal);
    const late = failure(callOptions(api, { timeout: 10 }).hang());
    expect(await late).toMatchObject({ code: "DEADLINE" });
  });

  test("can't add a wrong context: nothing is sent", async () => {
    const { api, clientEnd } = await connected({
      call: (call, next) => next(call.method === "context" ? { metadata: { f() {} } } : undefined),
    });
    const before = clientEnd.sent.length;
    expect(await failure(api.context())).toBeInstanceOf(TypeError);
    expect(clientEnd.sent.length).toBe(before);
  });
});

test("an interceptor of outgoing calls sees the options that aren't sent", async () => {
  const seen: unknown[] = [];
  const { signal } = new AbortController();
  const other = new AbortController();
  const { api } = await connected(
    {
      call(call, next) {
        seen.push(call.options);
        return next();
      },
    },
    { call: { idempotent: true, signal, timeout: 60_000 } },
  );
  seen.length = 0;
  await api.echo(1);
  await callOptions(api, { idempotent: false, timeout: 90_000 }).echo(1);
  await callOptions(api, other).child;
  expect(seen.slice(0, 2)).toEqual([
    { idempotent: true, timeout: 60_000, signal },
    { idempotent: false, timeout: 90_000, signal },
  ]);
  const both = (seen[2] as any).signal;
  expect(both.aborted).toBe(false);
  other.abort("enough");
  expect(both.reason).toBe("enough");
});

test("a list of interceptors is refused, because intercept() makes the option's value", () => {
  const interceptors = [{ call: (_: unknown, next: () => unknown) => next() }] as never;
  expect(() => pair(new Application(), { client: { interceptors } })).toThrow(
    new TypeError("interceptors must come from intercept(a, b)."),
  );
});

describe("an interceptor of served calls", () => {
  test("sees the context of the method, the same object", async () => {
    const contexts: unknown[] = [];
    class Main extends RpcTarget {
      run() {
        contexts.push(currentCall());
      }
      async runLater() {
        contexts.push(currentCall());
      }
    }
    const { api } = pair(new Main(), {
      server: {
        interceptors: intercept({
          serve(call, next) {
            contexts.push(call.context);
            return next();
          },
        }),
      },
    });
    await api.run();
    await api.runLater();
    expect(contexts).toHaveLength(4);
    expect(contexts[0]).toBe(contexts[1]);
    expect(contexts[2]).toBe(contexts[3]);
    expect(contexts[0]).not.toBe(contexts[2]);
  });

  test("that waits leaves the method its context, with the signal", async () => {
    let seen: unknown;
    const { api, main } = await connected({
      async serve(call, next) {
        const { context } = call;
        await settle(2);
        if (call.method === "hang") seen = context;
        return await next();
      },
    });
    const hanging = callOptions(api, { metadata: { tenant: "a" } }).hang();
    const gone = failure(hanging);
    const context = await main.begun();
    expect(context).toBe(seen);
    expect(context.metadata).toEqual({ tenant: "a" });
    hanging[Symbol.dispose]();
    await gone;
    await aborted(context.signal);
  });

  test("that first looks after it has waited sees the metadata all the same", async () => {
    const seen: unknown[] = [];
    const { api } = await connected({
      async serve(call, next) {
        await settle(1);
        seen.push(call.context.metadata);
        return await next();
      },
    });
    seen.length = 0;
    await callOptions(api, { metadata: { tenant: "b" } }).echo(1);
    expect(seen).toEqual([{ tenant: "b" }]);
  });

  test("has the context from currentCall() too, for operations of each kind", async () => {
    const seen = new Set<string>();
    const { api } = await connected({
      serve(call, next) {
        const context = currentCall();
        expect(call.context).toBe(context);
        seen.add(`${call.kind} ${context.metadata["tenant"]}`);
        return next();
      },
    });
    const calls = callOptions(api, { metadata: { tenant: "a" } }) as any;
    await calls.child;
    await calls.users().map((user: any) => user);
    const { readable, writable } = new TransformStream();
    const echoed: any = await api.echo(writable);
    const reader = readable.getReader();
    const written = echoed.getWriter().write("chunk");
    expect((await reader.read()).value).toBe("chunk");
    await written;
    for (const each of ["get a", "map a", "call a"]) expect(seen).toContain(each);
    expect([...seen].join()).toContain("stream");
    expect(() => currentCall()).toThrow(NoCallError);
  });

  test("has the part that travelled by itself, also once it has waited", async () => {
    const seen: unknown[] = [];
    const { api } = await connected({
      async serve(call, next) {
        const { metadata, traceparent } = call.received;
        await settle(1);
        expect(described(call.received as CallContext)).toEqual(described(call.context));
        seen.push([call.kind, metadata, traceparent]);
        return next();
      },
    });
    seen.length = 0;
    const calls = callOptions(api, { metadata: { tenant: "a" }, traceparent: PARENT }) as any;
    await calls.child;
    await calls.echo(1);
    await api.echo(2);
    expect(seen).toEqual([
      ["get", { tenant: "a" }, PARENT],
      ["call", { tenant: "a" }, PARENT],
      ["call", {}, undefined],
    ]);
  });

  test("has a signal that aborts when a read that waits is given up", async () => {
    let context!: CallContext;
    const { api } = await connected({
      async serve(call, next) {
        if (call.kind !== "get") return next();
        context = currentCall();
        throw await aborted(context.signal);
      },
    });
    const controller = new AbortController();
    const outcome = failure(callOptions(api, controller).child);
    await settle();
    controller.abort();
    expect(await aborted(context.signal)).toMatchObject({
      code: "CANCELED",
      message: "The caller gave up the result of the read of 'child'.",
    });
    await outcome;
  });

  test("has the session, and a signal that its end aborts, for operations of each kind", async () => {
    const seen: IncomingCall[] = [];
    const { api, server } = await connected({
      serve(call, next) {
        if (call.kind !== "call") seen.push(call);
        return next();
      },
    });
    await api.child;
    await api.users().map((user: any) => user);
    expect(seen.map(({ kind }) => kind)).toEqual(["get", "map"]);
    const signals = seen.map(({ context }) => {
      expect(context.session).toBe(server);
      return context.signal;
    });
    api[Symbol.dispose]();
    await vi.waitFor(() => expect(signals.every((each) => each.aborted)).toBe(true));
  });
});
