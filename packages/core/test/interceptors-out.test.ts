// Interceptors of operations that leave: what they see, what they may do, and what stays as it was.
import { describe, expect, test, vi } from "vitest";
import {
  type Interceptor,
  intercept,
  type OutgoingCall,
  RpcPromise,
  RpcStub,
  RpcTarget,
} from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";
import { unhandledRejections } from "./support/unhandled.ts";

class Counter extends RpcTarget {
  #count = 0;
  get count() {
    return this.#count;
  }
  add(by: number) {
    this.#count += by;
    return this.#count;
  }
}

class Api extends RpcTarget {
  disposed = 0;
  counter() {
    return new Counter();
  }
  get name() {
    return "api";
  }
  echo(value?: unknown): any {
    return value;
  }
  fail() {
    throw new Error("failed");
  }
  never() {
    return new Promise(() => {});
  }
  list() {
    return [1, 2, 3];
  }
  collect(stream: ReadableStream) {
    return collect(stream);
  }
}

async function collect(stream: ReadableStream) {
  const chunks: unknown[] = [];
  for await (const chunk of stream as any) chunks.push(chunk);
  return chunks;
}

type Call = NonNullable<Interceptor["call"]>;

/** A client whose calls these interceptors see. */
function intercepted(...calls: (Call | Interceptor)[]) {
  const list = calls.map((each) => (typeof each === "function" ? { call: each } : each));
  const ends = pair(new Api(), { client: { interceptors: intercept(...list) } });
  return { ...ends, api: ends.api as any };
}

/** The messages that a client sends in a scenario, and its outcome. */
async function sentIn(
  scenario: (api: any) => Promise<unknown>,
  announce: boolean,
  ...interceptors: Interceptor[]
) {
  const own = interceptors.length > 0 ? { interceptors: intercept(...interceptors) } : {};
  const { api, clientEnd, isClean } = pair(new Api(), {
    client: { announce, ...own },
    server: { announce },
  });
  await settle();
  const outcome = await scenario(api).then(
    (value) => ({ value }),
    (error) => ({ error: error.message }),
  );
  await settle();
  return { outcome, sent: clientEnd.sent, isClean: isClean() };
}

const NOTHING: Interceptor = { call: (_call, next) => next() };

const LOOKING: Interceptor = {
  call(_call, next) {
    const promise = next();
    promise.then(
      () => {},
      () => {},
    );
    return promise;
  },
};

const SCENARIOS: Record<string, (api: any) => Promise<unknown>> = {
  "an awaited call": async (api) => await api.echo({ a: [1] }),
  "a call that fails": async (api) => await api.fail(),
  "a chain": async (api) => await api.counter().add(2),
  "a call on a result, some turns later": async (api) => {
    const counter = api.counter();
    await settle();
    await counter.add(1);
    return await counter.add(2);
  },
  "a promise as an argument": async (api) => await api.echo(api.counter().add(3)),
  "a property": async (api) => await api.name,
  "a property of a result": async (api) => await api.counter().count,
  "a map": async (api) => await api.list().map((n: any) => api.echo(n)),
  "a call that isn't awaited": async (api) => {
    api.echo(1);
  },
  "a promise that is disposed of": async (api) => {
    const promise = api.never();
    await settle();
    promise[Symbol.dispose]();
  },
  "a stream": async (api) =>
    await api.collect(
      new ReadableStream({
        start(controller) {
          controller.enqueue("a");
          controller.enqueue("b");
          controller.close();
        },
      }),
    ),
};

describe.each(Object.entries(SCENARIOS))("%s", (_name, scenario) => {
  test.each([true, false])(
    "leaves in the same messages as without interceptors; extensions: %s",
    async (announce) => {
      const plain = await sentIn(scenario, announce);
      expect(await sentIn(scenario, announce, NOTHING)).toEqual(plain);
      expect(await sentIn(scenario, announce, NOTHING, NOTHING)).toEqual(plain);
      expect(await sentIn(scenario, announce, LOOKING)).toEqual(plain);
      expect(await sentIn(scenario, announce, LOOKING, LOOKING)).toEqual(plain);
    },
  );
});

describe("an interceptor of outgoing operations sees", () => {
  const seenIn = async (use: (api: any) => Promise<unknown>) => {
    const seen: Partial<OutgoingCall>[] = [];
    const { api, client } = intercepted((call, next) => {
      const { kind, path, method, args, target } = call;
      seen.push({ kind, path, method, args, target });
      expect(call.session).toBe(client);
      return next();
    });
    await use(api);
    return seen.map(({ kind, path, method, args, target }) => [kind, path, method, args, target]);
  };

  test("calls, with their arguments as the application gave them", async () => {
    const argument = { a: 1 };
    const seen = await seenIn((api) => api.echo(argument, 2));
    expect(seen).toEqual([["call", ["echo"], "echo", [argument, 2], undefined]]);
    expect((seen[0]![3] as unknown[])[0]).toBe(argument);
  });

  test("calls on results and on stubs, reads of properties, and maps", async () => {
    const seen = await seenIn(async (api) => {
      const counter = await api.counter();
      await counter.add(1);
      await counter.count;
      await api.echo(() => 5)();
      await api.list().map((n: any) => api.echo(n));
    });
    expect(seen.map(([kind, path]) => [kind, path])).toEqual([
      ["call", ["counter"]],
      ["call", ["add"]],
      ["get", ["count"]],
      ["call", ["echo"]],
      ["call", []],
      ["call", ["list"]],
      ["map", []],
    ]);
    expect(seen[6]!.slice(2)).toEqual([undefined, [], undefined]);
  });

  test("the writes of streams, and their ends", async () => {
    const seen = await seenIn((api) =>
      api.collect(
        new ReadableStream({
          start(controller) {
            controller.enqueue("a");
            controller.close();
          },
        }),
      ),
    );
    expect(seen.map(([kind, , method, args]) => [kind, method, args])).toEqual([
      ["call", "collect", [expect.any(ReadableStream)]],
      ["stream", "write", ["a"]],
      ["stream", "close", []],
    ]);
  });

  test("the outcome of a write, although its stream gives the result up at once", async () => {
    const outcomes: unknown[] = [];
    const { api } = intercepted((call, next) => {
      const promise = next();
      if (call.kind === "stream") {
        promise.then(
          (value) => outcomes.push([call.method, value]),
          (error) => outcomes.push([call.method, error]),
        );
      }
      return promise;
    });
    const chunks = new ReadableStream({
      start(controller) {
        controller.enqueue("a");
        controller.close();
      },
    });
    expect(await api.collect(chunks)).toEqual(["a"]);
    await settle();
    // The answer to either may come first.
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toContainEqual(["write", undefined]);
    expect(outcomes).toContainEqual(["close", undefined]);
  });
});

test("interceptors of outgoing operations run in order, the first one outermost", async () => {
  const order: string[] = [];
  const named =
    (name: string): Call =>
    (_call, next) => {
      order.push(`${name} before`);
      const promise = next();
      order.push(`${name} after`);
      promise.then(
        () => order.push(`${name} done`),
        () => {},
      );
      return promise;
    };
  const { api } = intercepted(named("a"), { serve: (_call, next) => next() }, named("b"));
  await api.echo(1);
  expect(order).toEqual(["a before", "b before", "b after", "a after", "b done", "a done"]);
});

test("calls leave in the order in which they are made, whatever interceptors inspect", async () => {
  const { api, clientEnd } = intercepted(LOOKING, NOTHING);
  await Promise.all([api.echo(1), api.echo(2), api.name.then(), api.echo(3)]);
  const pushed = clientEnd.sent
    .filter(([tag]) => tag === "push")
    .map(([, [, , path, args]]) => [path, args]);
  expect(pushed).toEqual([
    [["echo"], [1]],
    [["echo"], [2]],
    [["name"], undefined],
    [["echo"], [3]],
  ]);
});

describe("the promise of next()", () => {
  async function outcomes(use: (api: any) => unknown) {
    const seen: unknown[] = [];
    const ends = intercepted((_call, next) => {
      const promise = next();
      promise.then(
        (value: unknown) => seen.push({ value }),
        (error: unknown) => seen.push({ error }),
      );
      return promise;
    });
    await use(ends.api);
    await settle();
    return { seen, ...ends };
  }

  test("gives the same value as the application gets", async () => {
    let value: unknown;
    const { seen } = await outcomes(async (api) => {
      value = await api.echo({ a: 1 });
    });
    expect(seen).toEqual([{ value: { a: 1 } }]);
    expect((seen[0] as any).value).toBe(value);
  });

  test("gives the same error as the application gets", async () => {
    const { seen } = await outcomes(async (api) => await failure(api.fail()));
    expect(seen).toEqual([{ error: expect.objectContaining({ message: "failed" }) }]);
  });

  test("rejects when a result that wasn't asked for is given up", async () => {
    const { seen, isClean } = await outcomes(async (api) => {
      const promise = api.echo(1);
      await settle();
      promise[Symbol.dispose]();
    });
    expect(seen).toEqual([{ error: expect.objectContaining({ code: "CANCELED" }) }]);
    expect(isClean()).toBe(true);
  });

  test("rejects when the session ends, even if the result wasn't asked for", async () => {
    const { seen } = await outcomes((api) => {
      api.never();
      api[Symbol.dispose]();
    });
    expect(seen).toEqual([{ error: expect.objectContaining({ code: "SESSION_DISPOSED" }) }]);
  });

  test("can be inspected after the interceptor has returned, by an async function", async () => {
    const seen: unknown[] = [];
    const { api, isClean } = intercepted((_call, next) => {
      const promise = next();
      void (async () => seen.push(await promise))();
      return promise;
    });
    expect(await api.echo(1)).toBe(1);
    await settle();
    expect(seen).toEqual([1]);
    expect(isClean()).toBe(true);
  });

  test("may be disposed of after it was returned, without effect on the application's call", async () => {
    const { api, isClean } = intercepted((_call, next) => {
      const promise = next();
      queueMicrotask(() => promise[Symbol.dispose]());
      return promise;
    });
    expect(await api.echo(1)).toBe(1);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("can be used for calls, before the application's", async () => {
    const { api, isClean } = intercepted((call, next) => {
      const promise: any = next();
      if (call.method === "counter") {
        promise.add(10).then(
          () => {},
          () => {},
        );
      }
      return promise;
    });
    const counter = api.counter();
    expect(await counter.add(1)).toBe(11);
    counter[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("may be replaced by another promise", async () => {
    const { api, isClean } = intercepted((call, next) => {
      const promise: any = next();
      if (call.method !== "echo") return promise;
      return new RpcPromise(promise.then((value: number) => value + 1));
    });
    expect(await api.echo(1)).toBe(2);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("may be replaced by a part, a stub or a promise of it", async () => {
    const part = intercepted((call, next) => (call.kind === "call" ? next().inner : next()));
    expect(await part.api.echo({ inner: 5 })).toBe(5);
    const wrapped = intercepted((_call, next) => new RpcPromise(next()));
    expect(await wrapped.api.echo(6)).toBe(6);
    const stub = new RpcStub(new Counter());
    const other = intercepted((_call, next) => {
      next()[Symbol.dispose]();
      return stub;
    });
    expect(await other.api.counter().add(2)).toBe(2);
    expect(await stub.add(1)).toBe(3);
    await settle();
    expect([wrapped.isClean(), other.isClean()]).toEqual([true, true]);
  });
});

describe("an interceptor of outgoing operations that throws", () => {
  test("refuses an operation of each kind: nothing is sent, and the session goes on", async () => {
    const { api, clientEnd, isClean } = intercepted((call, next) => {
      if (call.method === "counter") return next();
      throw new Error(`no ${call.kind}`);
    });
    const counter = await api.counter();
    const before = clientEnd.sent.length;
    expect(await failure(api.echo(new Counter(), () => {}))).toMatchObject({ message: "no call" });
    expect(await failure(counter.count)).toMatchObject({ message: "no get" });
    const captured = counter.dup();
    expect(await failure(counter.map((c: any) => captured.add(c)))).toMatchObject({
      message: "no map",
    });
    captured[Symbol.dispose]();
    expect(clientEnd.sent.length).toBe(before);
    counter[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("has the targets disposed of that were handed over in the arguments", async () => {
    const disposed = vi.fn();
    class Handed extends RpcTarget {
      [Symbol.dispose]() {
        disposed();
      }
    }
    const { api } = intercepted(() => {
      throw new Error("refused");
    });
    await failure(api.echo(new Handed(), { inside: new Handed() }));
    expect(disposed).toHaveBeenCalledTimes(2);
  });

  test("fails a stream at both ends, if it refuses a chunk", async () => {
    const { api, isClean } = intercepted((call, next) => {
      if (call.method === "write" && call.args[0] === "b") throw new Error("refused");
      return next();
    });
    const canceled: unknown[] = [];
    const source = new ReadableStream({
      start(controller) {
        controller.enqueue("a");
        controller.enqueue("b");
      },
      cancel: (reason) => void canceled.push(reason),
    });
    expect(await failure(api.collect(source))).toMatchObject({ message: "refused" });
    await settle();
    expect(canceled).toEqual([expect.objectContaining({ message: "refused" })]);
    expect(isClean()).toBe(true);
  });

  test("after next() has the result given up, and fails the call", async () => {
    for (const use of [
      (api: any) => api.echo(new Counter()),
      (api: any) => api.name,
      (api: any) => api.map((n: any) => n),
    ]) {
      const { api, isClean } = intercepted((_call, next) => {
        next();
        throw new Error("too late");
      });
      expect(await failure(use(api))).toMatchObject({ message: "too late" });
      await settle();
      expect(isClean()).toBe(true);
    }
  });

  test("may throw any value, and lets errors of sending pass", async () => {
    const { api } = intercepted(() => {
      throw undefined;
    });
    expect(await failure(api.echo(1))).toBe(undefined);
    const passed = intercepted(NOTHING, NOTHING);
    expect(() => passed.api.echo(new Map())).toThrow("Map");
  });

  test("may answer an error of sending with another promise", async () => {
    const disposed = vi.fn();
    class Handed extends RpcTarget {
      [Symbol.dispose]() {
        disposed();
      }
    }
    const { api, isClean } = intercepted((_call, next) => {
      try {
        return next();
      } catch {
        return new RpcPromise(Promise.resolve("instead"));
      }
    });
    expect(await api.echo(new Map(), new Handed())).toBe("instead");
    expect(disposed).toHaveBeenCalledOnce();
    await settle();
    expect(isClean()).toBe(true);
  });
});

describe("an interceptor of outgoing operations that misuses next()", () => {
  test("and never calls it fails the call, with the reason", async () => {
    const { api, clientEnd } = intercepted(() => new RpcPromise(Promise.resolve(1)));
    const error = await failure(api.echo(1));
    expect(error).toMatchObject({ code: "INTERCEPTOR" });
    expect(error.message).toContain("the call of 'echo'");
    expect(error.message).toContain("without calling next()");
    expect(clientEnd.sent).toEqual([]);
  });

  test("and calls it later gets an error, and nothing is sent", async () => {
    const late: unknown[] = [];
    const { api, clientEnd } = intercepted((async (_call: OutgoingCall, next: () => unknown) => {
      await null;
      try {
        next();
      } catch (error) {
        late.push(error);
      }
    }) as never);
    expect(await failure(api.echo(1))).toMatchObject({ code: "INTERCEPTOR" });
    await settle();
    expect(late).toEqual([expect.objectContaining({ code: "INTERCEPTOR" })]);
    expect((late[0] as Error).message).toContain("before it returns");
    expect(clientEnd.sent).toEqual([]);
  });

  test("and is asynchronous leaves no rejection unhandled", async () => {
    const unhandled = await unhandledRejections(async () => {
      const waits = intercepted((async (_call: OutgoingCall, next: () => unknown) => {
        await null;
        return next();
      }) as never);
      const error = await failure(waits.api.echo(1));
      expect(error.message).toContain("before it returns");
      const fails = intercepted((async (_call: OutgoingCall, next: () => unknown) => {
        next();
        throw new Error("of the interceptor");
      }) as never);
      expect(await failure(fails.api.echo(1))).toMatchObject({ code: "INTERCEPTOR" });
    });
    expect(unhandled).toEqual([]);
  });

  test("and calls it twice gets an error, and the first result is given up", async () => {
    const { api, isClean } = intercepted((_call, next) => {
      next();
      return next();
    });
    const error = await failure(api.echo(1));
    expect(error).toMatchObject({ code: "INTERCEPTOR" });
    expect(error.message).toContain("twice");
    await settle();
    expect(isClean()).toBe(true);
  });

  test("and returns anything but a promise fails the call, with the reason", async () => {
    for (const returned of [undefined, 1, {}, Promise.resolve(1)]) {
      const { api, isClean } = intercepted((_call, next) => {
        next();
        return returned;
      });
      expect((await failure(api.echo(1))).message).toContain("new RpcPromise(promise)");
      await settle();
      expect(isClean()).toBe(true);
    }
  });
});

test("a session that ends in an interceptor fails the call", async () => {
  const { api, client } = intercepted((_call, next) => {
    client.getRemoteMain()[Symbol.dispose]();
    return next();
  });
  expect(await failure(api.echo(new Counter()))).toMatchObject({ code: "SESSION_DISPOSED" });
});

test("an interceptor may make calls of its own, which pass it as well", async () => {
  const seen: unknown[] = [];
  const { api, client } = intercepted((call, next) => {
    seen.push(call.args[0]);
    if (call.args[0] === 1)
      client
        .getRemoteMain()
        .echo(2)
        .then(undefined, () => {});
    return next();
  });
  expect(await api.echo(1)).toBe(1);
  expect(seen).toEqual([1, 2]);
});

test("intercept() refuses values that aren't interceptors, and names their place", () => {
  for (const wrong of [undefined, {}, { call: 1 }, () => {}, { call() {}, serve: "x" }]) {
    expect(() => intercept(NOTHING, wrong as never)).toThrow("Argument 1 of intercept()");
  }
  expect(() => intercept()).not.toThrow();
});

describe("watchUse() tells whether the application uses a result", () => {
  test.each<[string, (promise: any) => unknown, boolean]>([
    ["awaits it", (promise) => promise.then(), true],
    ["calls something on it", (promise) => void promise.add(1), true],
    ["reads a property of it", (promise) => void promise.count, false],
    ["awaits a property of it", (promise) => promise.count.then(), true],
    ["copies it", (promise) => void promise.dup(), true],
    ["maps over it", (promise) => void promise.map((each: any) => each), true],
    ["forgets it", () => {}, false],
    ["disposes of it", (promise) => promise[Symbol.dispose](), false],
  ])("%s", async (_name, use, isUsed) => {
    let watched: ReturnType<OutgoingCall["watchUse"]> | undefined;
    const { api } = intercepted((call, next) => {
      if (call.method === "counter") watched = call.watchUse();
      return next();
    });
    await use(api.counter());
    await settle();
    expect(watched!.isUsed).toBe(isUsed);
  });

  test("ask() fetches a result that the application may still use", async () => {
    let watched: ReturnType<OutgoingCall["watchUse"]> | undefined;
    const { api, isClean } = intercepted((call, next) => {
      if (call.method === "fail" || call.method === "counter") {
        watched = call.watchUse();
        expect(() => watched!.ask()).toThrow("hasn't left");
      }
      return next();
    });
    const failing = api.fail();
    const asked = watched!.ask();
    expect(await failure(asked)).toMatchObject({ message: "failed" });
    expect(watched!.isUsed).toBe(false);
    expect(await failure(failing)).toMatchObject({ message: "failed" });
    asked[Symbol.dispose]();
    const counter = api.counter();
    const own = watched!.ask();
    await own;
    own[Symbol.dispose]();
    expect(await counter.add(2)).toBe(2);
    counter[Symbol.dispose]();
    expect(() => watched!.ask()).toThrow("disposed of");
    await settle();
    expect(isClean()).toBe(true);
  });
});

test("onOutcome() tells the outcome as then() does, and asks for nothing", async () => {
  const told: unknown[] = [];
  const { api, isClean } = intercepted((call, next) => {
    expect(() => call.onOutcome({ succeeded: vi.fn(), failed: vi.fn() })).toThrow("hasn't left");
    const promise = next();
    call.onOutcome({
      succeeded: (value) => told.push([call.method, value]),
      failed: (error) => told.push([call.method, `${error}`]),
    });
    return promise;
  });
  expect(await api.echo(1)).toBe(1);
  await api.fail().then(undefined, () => {});
  const forgotten = api.echo(2);
  await settle();
  forgotten[Symbol.dispose]();
  await settle();
  expect(told).toEqual([
    ["echo", 1],
    ["fail", "Error: failed"],
    ["echo", expect.stringContaining("canceled")],
  ]);
  expect(isClean()).toBe(true);
});
