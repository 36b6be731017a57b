import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
import { type IncomingCall, LimitError, RpcTarget } from "@capnweb/core";
import { expect, onTestFinished, test, vi } from "vitest";
import { ownChannels } from "../src/channels/own-channels.ts";
import { runtimeChannels } from "../src/channels/runtime.ts";
import { channels, observe, observeConnection } from "../src/index.ts";
import { listen } from "./support/events.ts";
import { connectInMemory, reconnectInMemory } from "./support/memory.ts";

class Api extends RpcTarget {
  greet(name: string) {
    return `Hello, ${name}!`;
  }
  async later(name: string) {
    return this.greet(name);
  }
  fails() {
    throw new RangeError("out of range");
  }
  async rejects() {
    throw new SyntaxError("no");
  }
}

const SYNC = ["start", "end"];
const ASYNC = ["start", "end", "asyncStart", "asyncEnd"];

test("operations are published on both sides, from the begin to the outcome", async () => {
  const heard = listen();
  const options = observe();
  const { api } = connectInMemory(new Api(), { client: options, server: options });
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  await vi.waitFor(() => expect(heard.names("call ")).toEqual(ASYNC.map((name) => `call ${name}`)));
  expect(heard.names("serve ")).toEqual(SYNC.map((name) => `serve ${name}`));
  expect(heard.of("serve end")[0]).toMatchObject({
    side: "server",
    kind: "call",
    method: "Api/greet",
    outcome: "ok",
    duration: expect.any(Number),
  });
  expect(heard.of("call asyncEnd")[0]).toMatchObject({ side: "client", method: "greet" });
  // All events of an operation have one object, for subscribers that keep something with it.
  expect(heard.of("call asyncEnd")[0]).toBe(heard.of("call start")[0]);

  await api.later("Ada");
  await expect(Promise.resolve(api.fails())).rejects.toThrow("out of range");
  await expect(Promise.resolve(api.rejects())).rejects.toThrow("no");
  expect(heard.names("serve ").slice(2)).toEqual(
    [...ASYNC, "start", "error", "end", "start", "end", "error", "asyncStart", "asyncEnd"].map(
      (name) => `serve ${name}`,
    ),
  );
  expect(heard.of("serve error").map(({ method, outcome }) => [method, outcome])).toEqual([
    ["Api/fails", "RangeError"],
    ["Api/rejects", "SyntaxError"],
  ]);
});

test("the channels are those of the runtime, under their names", () => {
  expect(channels.call.start).toBe(diagnostics.channel("tracing:capnweb:call:start"));
  expect(channels.serve.asyncEnd).toBe(diagnostics.channel("tracing:capnweb:serve:asyncEnd"));
  expect(channels.message).toBe(diagnostics.channel("capnweb:message"));
});

test("methods run within the stores that are bound to the channel", async () => {
  const store = new AsyncLocalStorage<string>();
  class Stored extends RpcTarget {
    async read() {
      await Promise.resolve();
      return store.getStore();
    }
  }
  const start = channels.serve.start as unknown as diagnostics.Channel;
  start.bindStore(store, (event: any) => event.call.method);
  onTestFinished(() => void start.unbindStore(store));
  const { api } = connectInMemory(new Stored(), { server: observe() });
  expect(await api.read()).toBe("read");
});

test("without subscribers, sessions have no interceptors of ours", async () => {
  const own = { serve: vi.fn((_call: unknown, next: () => unknown) => next()) };
  const options = observe({ interceptors: [own] });
  expect(observe().interceptors!.serving({})).toBeUndefined();
  expect(observe().interceptors!.outgoing({}, {} as never, {})).toBeUndefined();
  const { api } = connectInMemory(new Api(), { server: options });
  await api.greet("Ada");
  expect(own.serve).toHaveBeenCalledTimes(1);
});

test("sessions are published with their medium, frames, and the reason of their end", async () => {
  const heard = listen();
  const { api, link } = connectInMemory(new Api(), { client: observe({ medium: "memory" }) });
  await api.greet("Ada");
  const [started] = heard.of("session start");
  expect(started).toMatchObject({ medium: "memory", id: expect.any(Number) });
  const frames = heard.of("message");
  expect(frames.every((each) => each.session === started.session)).toBe(true);
  const sent = frames.filter(({ direction }) => direction === "out").map(({ message }) => message);
  // The announcement, which is sent before the session exists for the application, comes first.
  expect(sent).toEqual(link.sentBy("client"));
  api[Symbol.dispose]();
  expect(heard.of("session asyncEnd")[0]).toBe(started);
  expect(started.reason).toMatchObject({ code: "SESSION_DISPOSED" });
  expect(heard.of("session error")).toEqual([]);
});

test("a limit that a peer exceeds is published, and fails the session", async () => {
  const heard = listen();
  const { api } = connectInMemory(new Api(), {
    server: { ...observe(), limits: { maxMessageSize: 1000 }, announce: false },
    client: { announce: false },
  });
  await expect(Promise.resolve(api.greet("A".repeat(2000)))).rejects.toThrow();
  expect(heard.of("limit")).toEqual([{ error: expect.any(LimitError), limit: "maxMessageSize" }]);
  expect(heard.of("session error")).toHaveLength(1);
});

test("the application's own callbacks and interceptors are called as well", async () => {
  listen();
  const calls: string[] = [];
  const { api, client } = connectInMemory(new Api(), {
    client: observe({
      onSession: () => calls.push("session"),
      onMessage: (direction) => calls.push(direction),
      interceptors: [
        {
          call(call, next) {
            calls.push(`${call.method}`);
            return next();
          },
        },
      ],
    }),
  });
  await api.greet("Ada");
  expect(calls).toContain("session");
  expect(calls).toContain("greet");
  expect(calls).toContain("in");
  expect(client.getStats().imports).toBe(1);
});

test("a failure of a call that nothing awaits reaches onCallError, without any subscriber", async () => {
  const failed = vi.fn((_error: unknown, _call: IncomingCall) => {});
  const { api, link } = connectInMemory(new Api(), { server: observe({ onCallError: failed }) });
  void api.fails();
  void api.rejects();
  await link.settle();
  expect(failed.mock.calls.map(([error, call]) => [`${error}`, call.method])).toEqual([
    ["RangeError: out of range", "fails"],
    ["SyntaxError: no", "rejects"],
  ]);
});

test("an onCallError that throws is reported, and the call fails with its own error", async () => {
  const onError = vi.fn();
  const { api } = connectInMemory(new Api(), {
    server: observe({
      onError,
      onCallError() {
        throw new Error("the logger failed");
      },
    }),
  });
  await expect(Promise.resolve(api.fails())).rejects.toThrow("out of range");
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "the logger failed" }), {
    source: "observer",
  });
});

test("a subscriber that throws is uncaught, and the operation goes on", async () => {
  const uncaught: unknown[] = [];
  const before = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => uncaught.push(error));
  onTestFinished(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of before) process.on("uncaughtException", listener);
  });
  const subscribers = {
    start() {
      throw new Error("the subscriber failed");
    },
  };
  channels.serve.subscribe(subscribers);
  onTestFinished(() => channels.serve.unsubscribe(subscribers));
  const { api } = connectInMemory(new Api(), { server: observe() });
  expect(await api.greet("Ada")).toBe("Hello, Ada!");
  await vi.waitFor(() => expect(`${uncaught[0]}`).toBe("Error: the subscriber failed"));
});

test("a refused operation is observed, by a name only if it is known", async () => {
  const heard = listen();
  let refuses = false;
  const guard = {
    serve(_call: unknown, next: () => unknown) {
      if (refuses) throw new Error("refused");
      return next();
    },
  };
  const { api } = connectInMemory(new Api(), { server: observe({ interceptors: [guard] }) });
  await api.greet("Ada");
  refuses = true;
  await expect(Promise.resolve(api.greet("Ada"))).rejects.toThrow("refused");
  await expect(Promise.resolve(api.madeUp())).rejects.toThrow("refused");
  expect(heard.of("serve error").map(({ method }) => method)).toEqual(["Api/greet", "_OTHER"]);
});

test("10,000 made-up names, in every place, become no names", async () => {
  const heard = listen();
  class Remote extends RpcTarget {
    readonly #third: any;
    constructor(third: any) {
      super();
      this.#third = third;
    }
    get third() {
      return this.#third;
    }
    get throws(): never {
      throw new Error("a getter failed");
    }
    async gateway(name: string) {
      return await this.#third[name]();
    }
  }
  const third = connectInMemory(new Api()).api;
  const refusing = {
    serve(call: IncomingCall, next: () => unknown) {
      if (call.method?.startsWith("refused")) throw new Error(call.method);
      return next();
    },
  };
  const options = observe({ interceptors: [refusing] });
  const { api } = connectInMemory(new Remote(third.dup()), { server: options });
  const ways: ((name: string) => any)[] = [
    (name) => api[name](),
    (name) => api[name],
    (name) => api[name][name](),
    (name) => api.throws[name](),
    (name) => api.third[name](),
    (name) => api[`refused${name}`](),
    (name) => api.gateway(name),
    (name) => api.gateway.call(name),
    (name) => api[name].map((x: any) => x[name]()),
    (name) => api.third[`x${name}`.repeat(100)](),
  ];
  for (let i = 0; i < 10_000; i++) {
    await ways[i % ways.length]!(`made up ${i}`).then(undefined, () => {});
  }
  const methods = new Set(heard.of("serve end").map(({ method }) => method));
  const outcomes = new Set(heard.of("serve end").map(({ outcome }) => outcome));
  expect(methods).toEqual(new Set(["_OTHER", "Remote/gateway"]));
  expect(outcomes.size).toBeLessThan(10);
});

test("codes that errors bring along are no types, except for those that are named", async () => {
  const heard = listen();
  class Codes extends RpcTarget {
    fail(code: string, name: string) {
      throw Object.assign(new Error(code), { code, name });
    }
  }
  const { api } = connectInMemory(new Codes(), {
    server: observe({ errorTypes: ["NO_CREDIT"] }),
  });
  for (let i = 0; i < 100; i++) await api.fail(`CODE_${i}`, `Name${i}`).catch(() => {});
  await api.fail("NO_CREDIT", "Error").catch(() => {});
  await api.fail("DEADLINE", "Error").catch(() => {});
  const types = new Set(heard.of("serve error").map(({ outcome }) => outcome));
  expect(types).toEqual(new Set(["Error", "NO_CREDIT", "DEADLINE"]));
});

test("a connection that comes back is published with its outcomes", async () => {
  const heard = listen();
  const { connection, links } = reconnectInMemory(() => new Api());
  const stop = observeConnection(connection);
  await connection.ready();
  links[0]!.cut();
  await vi.waitFor(() => expect(connection.outcome).toBe("restored"));
  connection.close(new Error("enough"));
  const outcomes = heard.of("connect asyncEnd").map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["opened", "restored", "closed"]);
  expect(heard.of("connect asyncEnd")[1].error).toBeDefined();
  stop();
});

test("unknown options are refused", () => {
  expect(() => observe({ intercepters: [] } as never)).toThrow('Did you mean "interceptors"?');
  expect(() => observe({ interceptors: [{} as never] })).toThrow("is no interceptor");
});

test("own channels behave as those of Node", async () => {
  const channel = ownChannels.tracingChannel("test");
  const seen: unknown[] = [];
  const subscribers = { start: (message: unknown, name: unknown) => seen.push(message, name) };
  expect(channel.start.hasSubscribers).toBe(false);
  channel.subscribe(subscribers);
  expect(channel.start.hasSubscribers).toBe(true);
  expect(channel.start.runStores("a", () => "ran")).toBe("ran");
  channel.unsubscribe(subscribers);
  channel.start.publish("b");
  expect(seen).toEqual(["a", "tracing:test:start"]);
});

test.each([
  ["no process", {}],
  ["a process of a bundler", { process: {} }],
  ["a module that is missing", { process: { getBuiltinModule: () => undefined } }],
  [
    "a module that fails",
    {
      process: {
        getBuiltinModule() {
          throw new Error("not supported");
        },
      },
    },
  ],
  ["channels without stores", { process: { getBuiltinModule: () => ({ channel() {} }) } }],
])("a runtime with %s gets own channels", (_name, runtime) => {
  expect(runtimeChannels(runtime as never)).toBe(ownChannels);
});
