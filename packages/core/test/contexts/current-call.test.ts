import { describe, expect, it, vi } from "vitest";
import {
  type CallContext,
  type CallSession,
  callOptions,
  currentCall,
  DeadlineError,
  findCurrentCall,
  NoCallError,
  RpcPromise,
  RpcStub,
  RpcTarget,
} from "../../src/index.ts";
import { Application, aborted, described } from "../support/application.ts";
import { failure } from "../support/failure.ts";
import { pair, settle } from "../support/pair.ts";

const ANNOUNCED = { client: { announce: true }, server: { announce: true } };

/** A connection whose sessions have announced themselves to each other. */
async function announced<T extends object>(main: T, clientMain?: unknown) {
  const connection = pair(main, ANNOUNCED, clientMain);
  await failure((connection.api as any).noSuchMethod());
  return connection;
}

describe("findCurrentCall()", () => {
  it("returns the context of the running call, and undefined where there is none", async () => {
    class Main extends RpcTarget {
      inside() {
        return findCurrentCall() === currentCall();
      }
      async after() {
        await null;
        return findCurrentCall() === undefined;
      }
    }
    const { api } = await announced(new Main());
    expect(findCurrentCall()).toBeUndefined();
    expect(await api.inside()).toBe(true);
    expect(await api.after()).toBe(true);
  });
});

describe("currentCall()", () => {
  it("returns the context up to a method's first await, and throws a NoCallError afterwards", async () => {
    class Main extends RpcTarget {
      inside() {
        const context = currentCall();
        return currentCall() === context;
      }
      async before() {
        return described(currentCall());
      }
      async after() {
        await null;
        return currentCall();
      }
    }
    const { api } = pair(new Main());
    expect(await api.inside()).toBe(true);
    const nothing = {
      left: undefined,
      metadata: {},
      traceparent: undefined,
      tracestate: undefined,
    };
    expect(await api.before()).toEqual(nothing);
    expect((await failure(api.after())).message).toMatch(
      /before the method's first await, or import "@capnweb\/core\/async-context"/,
    );
    expect(() => currentCall()).toThrow(NoCallError);
  });

  it("works in functions, and in local methods called through a stub", async () => {
    const { api } = pair(new Application());
    expect(await new RpcStub(() => typeof currentCall().metadata)()).toBe("object");
    let context: unknown;
    const look = () => {
      context = currentCall();
    };
    await new RpcStub({ look }).look();
    expect(context).toMatchObject({ session: undefined, deadline: undefined });
  });

  it("throws again after a method that threw", async () => {
    class Main extends RpcTarget {
      fail() {
        currentCall();
        throw new Error("on purpose");
      }
    }
    const { api } = pair(new Main());
    await failure(api.fail());
    await failure(new RpcStub(new Main()).fail());
    expect(() => currentCall()).toThrow(NoCallError);
  });

  it("returns the innermost of nested calls", async () => {
    const inner = new RpcStub(() => described(currentCall()).metadata);
    class Main extends RpcTarget {
      async nested() {
        const outer = currentCall();
        const promise = callOptions(inner, { metadata: { depth: 2 } })();
        return [outer.metadata, currentCall() === outer, await promise];
      }
    }
    const { api } = await announced(new Main());
    const calls = callOptions(api, { metadata: { tenant: "a" } });
    expect(await calls.nested()).toEqual([{ tenant: "a" }, true, { tenant: "a", depth: 2 }]);
  });

  it("has the session that the call came through", async () => {
    let session: CallSession | undefined;
    class Main extends RpcTarget {
      look() {
        session = currentCall().session;
      }
    }
    const { api, server } = pair(new Main());
    await api.look();
    expect(session).toBe(server);
    expect(session?.getStats()).toEqual(server.getStats());
    expect(session?.getRemoteMain()).toBe(server.getRemoteMain());
    const closed: unknown[] = [];
    session?.onClose((reason) => closed.push(reason));
    const signal = session?.signal;
    api[Symbol.dispose]();
    await settle();
    expect(signal?.aborted).toBe(true);
    expect(closed).toEqual([signal?.reason]);
  });

  it("creates an AbortController only when the signal is read", async () => {
    const made = vi.spyOn(globalThis, "AbortController");
    const { api } = pair(new Application());
    await api.context();
    await api.echo(1);
    expect(made).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe("a call's signal", () => {
  it("aborts when the session ends", async () => {
    const main = new Application();
    const { api, server } = await announced(main);
    for (const each of [api.hang(), api.hang()]) failure(each);
    const { signal } = await main.begun(2);
    server.getRemoteMain()[Symbol.dispose]();
    expect(await aborted(signal)).toMatchObject({ code: "SESSION_DISPOSED" });
    expect(main.hanging[0]!.signal.reason).toBe(signal.reason);
  });

  it("aborts at the callee's own callTimeout", async () => {
    const main = new Application();
    const { api } = pair(main, { server: { limits: { callTimeout: 10 } } });
    expect((await failure(api.hang())).message).toContain("longer than 10 ms");
    expect((await main.begun()).signal.reason).toMatchObject({ code: "CALL_TIMEOUT" });
  });

  it("is aborted from the start if the result was disposed of while the call waited for its arguments", async () => {
    const main = new Application();
    const { api } = pair(main);
    let resolve!: (value: unknown) => void;
    const argument = new Promise((yes) => {
      resolve = yes;
    });
    const promise = (api as any).hang(argument);
    const outcome = failure(promise);
    await settle();
    promise[Symbol.dispose]();
    await outcome;
    await settle();
    resolve(1);
    await aborted((await main.begun()).signal);
  });

  it("never aborts once the result is there", async () => {
    let context: any;
    class Main extends RpcTarget {
      async quick() {
        context = currentCall();
        void context.signal;
        return 1;
      }
    }
    const { api } = await announced(new Main());
    await callOptions(api, { timeout: 250 }).quick();
    await failure(callOptions(new RpcStub(new Application()), { timeout: 300 }).hang());
    api[Symbol.dispose]();
    await settle();
    expect(context.signal.aborted).toBe(false);
  });

  it("aborts at the deadline, even if the caller sends nothing", async () => {
    const main = new Application();
    const { api, clientEnd } = await announced(main);
    failure(callOptions(api, { timeout: 250 }).hang());
    const { signal } = await main.begun();
    // From here on the client is silent.
    clientEnd.held = [];
    const reason = await aborted(signal);
    expect(reason).toBeInstanceOf(DeadlineError);
    expect(reason.message).toBe("The caller's deadline for Application.hang has passed.");
  });
});

describe("calls that a method makes", () => {
  /** A client, a gateway, and a service that the gateway calls. */
  async function chain(call: (service: any) => unknown) {
    const service = new Application();
    const back = await announced(service);
    const gateway = new Gateway(() => call(back.api));
    const front = await announced(gateway);
    return { api: front.api as any, front, back, service, gateway };
  }

  class Gateway extends RpcTarget {
    readonly #call: () => unknown;
    constructor(call: () => unknown) {
      super();
      this.#call = call;
    }
    echo(value: unknown) {
      return value;
    }
    async through() {
      const { deadline } = currentCall();
      const left = deadline === undefined ? undefined : deadline - Date.now();
      const inner = await this.#call();
      return { left, inner };
    }
  }

  it("have a deadline that shrinks from hop to hop", async () => {
    const { api } = await chain(async (service) => service.context());
    const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const calls = callOptions(api, {
      timeout: 5_000,
      metadata: { tenant: "a" },
      traceparent: trace,
      tracestate: "a=1",
    });
    const { left, inner } = await calls.through();
    expect(left).toBeLessThanOrEqual(5_001);
    expect(left).toBeGreaterThan(1_000);
    expect(inner.left).toBeLessThanOrEqual(left + 1);
    expect(inner).toMatchObject({
      metadata: { tenant: "a" },
      traceparent: trace,
      tracestate: "a=1",
    });
  });

  it("can shorten the deadline, not lengthen it", async () => {
    const { api } = await chain((service) => {
      const longer = callOptions(service, { timeout: 100_000 }).context();
      const shorter = callOptions(service, { timeout: 1_000 }).context();
      return Promise.all([longer, shorter]);
    });
    const { inner } = await callOptions(api, { timeout: 5_000 }).through();
    expect(inner[0].left).toBeLessThanOrEqual(5_001);
    expect(inner[1].left).toBeLessThanOrEqual(1_001);
  });

  it("are cancelled with it, by timeout, disposal, signal, or end of the session", async () => {
    const ways: ((api: any, front: any) => Promise<unknown>)[] = [
      (api) => failure(callOptions(api, { timeout: 30 }).through()),
      (api) => {
        const promise = api.through();
        const outcome = failure(promise);
        settle().then(() => promise[Symbol.dispose]());
        return outcome;
      },
      (api) => {
        const controller = new AbortController();
        settle().then(() => controller.abort(new Error("enough")));
        return failure(callOptions(api, { signal: controller.signal }).through());
      },
      (api) => {
        const outcome = failure(api.through());
        settle().then(() => api[Symbol.dispose]());
        return outcome;
      },
    ];
    for (const way of ways) {
      const { api, service, front } = await chain(async (backend) => backend.hang());
      const outcome = way(api, front);
      await aborted((await service.begun()).signal);
      await outcome;
    }
  });

  it("are cancelled by the client if the gateway passes the service's stub on", async () => {
    const service = new Application();
    const back = await announced(service);
    const { api } = await announced({ service: back.api.dup() });
    const left = (await callOptions((api as any).service, { timeout: 5_000 }).context()).left;
    expect(left).toBeLessThanOrEqual(5_001);
    expect(left).toBeGreaterThan(1_000);
    const outcome = failure(callOptions((api as any).service, { timeout: 20 }).hang());
    await aborted((await service.begun()).signal);
    expect(await outcome).toBeInstanceOf(DeadlineError);
  });

  it("don't inherit from it with inherit: false", async () => {
    const { api, service } = await chain((backend) => {
      const apart = callOptions(backend, { inherit: false, metadata: { own: true } });
      return apart.context();
    });
    const { inner } = await callOptions(api, {
      timeout: 5_000,
      metadata: { tenant: "a" },
    }).through();
    expect(inner).toMatchObject({ left: undefined, metadata: { own: true } });
    expect(service.hanging).toEqual([]);
  });

  it("go on if they are still running when it returns", async () => {
    const { api, service } = await chain((backend) => {
      failure(backend.hang());
      return 1;
    });
    await api.through();
    const { signal } = await service.begun();
    await settle();
    expect(signal.aborted).toBe(false);
  });

  it("leave no table entries in either session", async () => {
    const { api, front, back } = await chain(async (service) => service.context());
    for (let i = 0; i < 50; i++) await callOptions(api, { timeout: 10_000 }).through();
    await settle();
    expect([front.isClean(), back.isClean()]).toEqual([true, true]);
  });
});

describe("the signal of a method that isn't async, and returns a promise of a stub", () => {
  const OTHERS = [
    { of: "a call on another session", call: (service: any) => service.hang() },
    {
      of: "a call with options",
      call: (service: any) => callOptions(service, { timeout: 60_000 }).hang(),
    },
    {
      of: "a promise of this process",
      call: (service: any) => new RpcPromise((async () => await service.hang())()),
    },
    { of: "a call in this process", call: (_: unknown, local: any) => local.hang() },
  ];

  async function gateway(call: (service: any, local: any) => unknown) {
    const service = new Application();
    const back = await announced(service);
    const local = new Application();
    const stub = new RpcStub(local);
    const seen: CallContext[] = [];
    class Gateway extends RpcTarget {
      hang() {
        seen.push(currentCall());
        // The signal is made only now.
        void seen[0]!.signal;
        return call(back.api, stub);
      }
      ping() {}
    }
    const front = await announced(new Gateway());
    const begun = () => Promise.race([service.begun(), local.begun()]);
    return { api: front.api as any, front, back, seen, begun };
  }

  describe.each(OTHERS)("of $of", ({ call }) => {
    it("aborts when the caller gives up the result, and cancels the other call", async () => {
      const { api, seen, begun } = await gateway(call);
      const promise = api.hang();
      const outcome = failure(promise);
      const other = await begun();
      promise[Symbol.dispose]();
      expect(await aborted(seen[0]!.signal)).toMatchObject({
        code: "CANCELED",
        message: "The caller gave up the result of Gateway.hang.",
      });
      await outcome;
      await aborted(other.signal);
    });

    it("aborts at the deadline", async () => {
      const { api, seen } = await gateway(call);
      const outcome = failure(callOptions(api, { timeout: 30 }).hang());
      expect(await outcome).toBeInstanceOf(DeadlineError);
      await aborted(seen[0]!.signal);
    });

    it("aborts when the session ends", async () => {
      const { api, front, seen, begun } = await gateway(call);
      const outcome = failure(api.hang());
      await begun();
      front.server.getRemoteMain()[Symbol.dispose]();
      expect(await aborted(seen[0]!.signal)).toMatchObject({ code: "SESSION_DISPOSED" });
      await outcome;
    });

    it("doesn't abort when another call needs the result that the caller gives up", async () => {
      const { api, seen, begun } = await gateway(call);
      const promise = api.hang();
      const outcome = failure(promise.part);
      await begun();
      promise[Symbol.dispose]();
      await api.ping();
      await settle();
      expect(seen[0]!.signal.aborted).toBe(false);
      api[Symbol.dispose]();
      await outcome;
    });
  });

  it("doesn't abort once the result is there", async () => {
    const { api, front, back, seen } = await gateway((service) => service.echo("there"));
    expect(await api.hang()).toBe("there");
    api[Symbol.dispose]();
    await settle();
    expect(seen[0]!.signal.aborted).toBe(false);
    expect(front.server.getStats().exports).toBe(0);
    expect(back.isClean()).toBe(true);
  });

  it("doesn't abort if it returns a stub", async () => {
    const { api, seen } = await gateway((_, local) => local.dup());
    await api.hang();
    api[Symbol.dispose]();
    await settle();
    expect(seen[0]!.signal.aborted).toBe(false);
  });
});
