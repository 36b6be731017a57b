// Interceptors of operations that a peer asks for: what they see, what they may do, and who
// disposes of what.
import { describe, expect, test, vi } from "vitest";
import {
  type IncomingCall,
  type Interceptor,
  intercept,
  RpcPromise,
  type RpcSessionOptions,
  RpcStub,
  RpcTarget,
} from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class Thing extends RpcTarget {
  static disposed = 0;
  static made = 0;
  readonly #value: number;
  constructor(value = 0) {
    super();
    this.#value = value;
    Thing.made++;
  }
  get value() {
    return this.#value;
  }
  add(by: number) {
    return this.#value + by;
  }
  [Symbol.dispose]() {
    Thing.disposed++;
  }
}

class Api extends RpcTarget {
  readonly ran: unknown[] = [];
  kept: any;
  #things = new RpcStub(new Thing(7));
  thing(value = 0) {
    return new Thing(value);
  }
  get name() {
    return "api";
  }
  get inner() {
    return this.#things;
  }
  get plain() {
    return { thing: new Thing(1), n: 2 };
  }
  echo(value?: unknown): any {
    this.ran.push(value);
    return value;
  }
  async later(value: unknown) {
    await null;
    return value;
  }
  fail() {
    throw new Error("failed");
  }
  async failLater() {
    await null;
    throw new Error("failed later");
  }
  list() {
    return [1, 2, 3];
  }
  use(thing: any) {
    return thing.add(1);
  }
  keep(stub: any) {
    this.kept = stub.dup();
  }
  async collect(stream: ReadableStream) {
    const chunks: unknown[] = [];
    for await (const chunk of stream as any) {
      chunks.push(chunk);
      this.ran.push(chunk);
    }
    return chunks;
  }
}

type Serve = NonNullable<Interceptor["serve"]>;

function served(serve: Serve | Serve[], options: RpcSessionOptions = {}) {
  const list = (Array.isArray(serve) ? serve : [serve]).map((each) => ({ serve: each }));
  const main = new Api();
  const ends = pair(main, { server: { interceptors: intercept(...list), ...options } });
  return { main, ...ends, api: ends.api as any };
}

const nothing: Serve = (_call, next) => next();
const waiting: Serve = async (_call, next) => {
  await settle(1);
  return await next();
};

function recorder() {
  const seen: IncomingCall[] = [];
  const serve: Serve = (call, next) => {
    seen.push(call);
    return next();
  };
  const list = () =>
    seen.map(({ kind, target, path, args }) => [kind, target, path.join("."), args]);
  return { seen, serve, list };
}

describe("an interceptor of incoming operations sees", () => {
  test("calls, with class, path, complete arguments and session", async () => {
    const { seen, serve, list } = recorder();
    const { api, server } = served(serve);
    await api.echo({ a: 1 }, 2);
    await api.use(api.thing(3));
    expect(list()).toEqual([
      ["call", "Api", "echo", [{ a: 1 }, 2]],
      ["call", "Api", "thing", [3]],
      ["call", "Api", "use", [expect.anything()]],
    ]);
    expect(seen[0]!.method).toBe("echo");
    expect(seen[0]!.session).toBe(server);
  });

  test("arguments with values in place of their promises", async () => {
    const { list, serve } = recorder();
    const { api } = served(serve);
    expect(await api.echo({ list: api.list(), later: api.later(5) })).toEqual({
      list: [1, 2, 3],
      later: 5,
    });
    expect(list().at(-1)).toEqual(["call", "Api", "echo", [{ list: [1, 2, 3], later: 5 }]]);
  });

  test("pipelined calls, reads of properties, and calls of functions", async () => {
    const { list, serve } = recorder();
    const { api } = served(serve);
    expect(await api.thing(2).add(3)).toBe(5);
    expect(await api.thing(4).value).toBe(4);
    expect(await api.name).toBe("api");
    expect(await api.inner.add(1)).toBe(8);
    expect(await api.echo(() => 6)()).toBe(6);
    expect(list()).toEqual([
      ["call", "Api", "thing", [2]],
      ["call", "Thing", "add", [3]],
      ["call", "Api", "thing", [4]],
      ["get", "Thing", "value", []],
      ["get", "Api", "name", []],
      ["call", "Api", "inner.add", [1]],
      ["call", "Api", "echo", [expect.any(Function)]],
      ["call", undefined, "", []],
    ]);
  });

  test("the class of a value, whatever properties the value has", async () => {
    const { seen, serve } = recorder();
    const { api } = served(serve);
    const values = [
      { constructor: { name: "Thing" }, f: 1 },
      { constructor: null, f: 1 },
      { constructor: api.thing(1), f: 1 },
      { f: 1 },
    ];
    for (const value of [...values, ...values]) expect(await api.echo(value).f).toBe(1);
    const classes = seen.filter(({ kind }) => kind === "get").map(({ target }) => target);
    expect(classes).toEqual(new Array(8).fill("Object"));
  });

  test("the class of a target whose getter throws", async () => {
    const { seen, serve } = recorder();
    const { main, api } = served(serve);
    Object.defineProperty(main, "constructor", {
      get() {
        throw new Error("No class.");
      },
    });
    expect(await api.echo(1)).toBe(1);
    expect(seen[0]!.target).toBe("Api");
  });

  test("maps, and each call that their instructions make", async () => {
    const { list, serve } = recorder();
    const { api } = served(serve);
    const things = await api.list().map((n: any) => api.thing(n).add(n));
    expect([...things]).toEqual([2, 4, 6]);
    expect(list().map(([kind, target, path]) => `${kind} ${target} ${path}`)).toEqual([
      "call Api list",
      "map Array ",
      "call Api thing",
      "call Thing add",
      "call Api thing",
      "call Thing add",
      "call Api thing",
      "call Thing add",
    ]);
  });

  test("a map behind a property that is a stub, and the calls in it", async () => {
    const { list, serve } = recorder();
    const { api } = served(serve);
    expect(await api.inner.map((thing: any) => thing.add(1))).toBe(8);
    expect(list().map(([kind, target, path]) => `${kind} ${target} ${path}`)).toEqual([
      "map Api inner",
      "call Thing add",
    ]);
  });

  test("the writes of streams, in both ways in which streams are sent", async () => {
    const { list, serve } = recorder();
    const { api } = served(serve);
    const source = new ReadableStream({
      start(controller) {
        controller.enqueue("a");
        controller.close();
      },
    });
    expect(await api.collect(source)).toEqual(["a"]);
    expect(list().slice(1)).toEqual([
      ["stream", "WritableStream", "write", ["a"]],
      ["stream", "WritableStream", "close", []],
    ]);
  });

  test("unknown names, and the failure that they lead to", async () => {
    const failures: unknown[] = [];
    const { api } = served((call, next) => {
      try {
        return next();
      } catch (error) {
        failures.push([call.path, (error as any).code]);
        throw error;
      }
    });
    await failure(api.nothing());
    await failure(api.nothing.at.all());
    expect(failures).toEqual([
      [["nothing"], "PATH"],
      [["nothing", "at", "all"], "PATH"],
    ]);
  });

  test("calls that fail although the client awaits none", async () => {
    const failures: string[] = [];
    const { api } = served(async (_call, next) => {
      try {
        return await next();
      } catch (error) {
        failures.push((error as Error).message);
        throw error;
      }
    });
    const promises = [api.fail(), api.failLater(), api.nothing.at.all()];
    await settle();
    expect(promises).toHaveLength(3);
    expect(failures.sort()).toEqual([
      "Cannot read properties of undefined (reading 'at')",
      "failed",
      "failed later",
    ]);
  });

  test("no calls that this process makes itself", async () => {
    const { seen, serve } = recorder();
    const { main } = served(serve);
    await new RpcStub(main).echo(1);
    expect(seen).toEqual([]);
  });

  test("an operation once, even through stubs in properties and promises", async () => {
    const { list, serve } = recorder();
    class Outer extends RpcTarget {
      #api = new RpcStub(new Api());
      get api() {
        return this.#api;
      }
      get later() {
        return new RpcPromise(Promise.resolve(this.#api.dup()));
      }
    }
    const { api } = pair(new Outer(), { server: { interceptors: intercept({ serve }) } }) as any;
    expect(await api.api.inner.add(1)).toBe(8);
    expect(await api.later.inner.add(1)).toBe(8);
    expect(await api.later.inner.value).toBe(7);
    expect([...(await api.later.list().map((n: any) => n))]).toEqual([1, 2, 3]);
    expect(list().map(([kind, target, path]) => `${kind} ${target} ${path}`)).toEqual([
      "call Outer api.inner.add",
      "call Outer later.inner.add",
      "get Outer later.inner.value",
      "call Outer later.list",
      "map Array ",
    ]);
  });
});

test("interceptors of incoming operations run in order, the first one outermost", async () => {
  const order: string[] = [];
  const named =
    (name: string): Serve =>
    (_call, next) => {
      order.push(`${name} before`);
      const result = next();
      order.push(`${name} after`);
      return result;
    };
  const { api } = served([named("a"), named("b")]);
  expect(await api.echo(1)).toBe(1);
  expect(order).toEqual(["a before", "b before", "b after", "a after"]);
});

test("a call runs before receive() returns, if no interceptor waits", () => {
  const { main, serverEnd } = served([nothing, nothing]);
  serverEnd.receiver.receive('["push",["pipeline",0,["echo"],[1]]]');
  expect(main.ran).toEqual([1]);
});

test("a call whose interceptor waits gives up its order, and others keep it", async () => {
  const { api, main } = served((call, next) =>
    call.args[0] === "slow" ? settle(2).then(next) : next(),
  );
  await Promise.all([api.echo("slow"), api.echo("fast")]);
  expect(main.ran).toEqual(["fast", "slow"]);
});

describe.each([
  ["does nothing", nothing],
  ["awaits the result", (async (_call, next) => await next()) as Serve],
  ["waits before next()", waiting],
])("a session with an interceptor of incoming operations that %s", (_name, serve) => {
  test("has the same results, errors, reads, maps and streams as without", async () => {
    const { api } = served(serve);
    expect(await api.echo({ a: [1] })).toEqual({ a: [1] });
    expect(await api.later("x")).toBe("x");
    expect(await failure(api.fail())).toMatchObject({ message: "failed" });
    expect(await failure(api.failLater())).toMatchObject({ message: "failed later" });
    expect(await api.name).toBe("api");
    expect(await api.inner.value).toBe(7);
    using list = await api.list().map((n: any) => n);
    expect([...list]).toEqual([1, 2, 3]);
    const source = new ReadableStream({
      start(controller) {
        for (const chunk of ["a", "b", "c", "d"]) controller.enqueue(chunk);
        controller.close();
      },
    });
    expect(await api.collect(source)).toEqual(["a", "b", "c", "d"]);
  });

  test("releases targets in results, and stubs in arguments", async () => {
    const before = [Thing.made, Thing.disposed];
    const { api, main, isClean } = served(serve);
    {
      using thing = await api.thing(1);
      expect(await thing.add(1)).toBe(2);
      using plain = await api.plain;
      expect(plain.n).toBe(2);
      expect(await plain.thing.value).toBe(1);
      const own = new Thing(5);
      expect(await api.use(own)).toBe(6);
      using echoed = await api.echo({ thing: new Thing(2) });
      expect(await echoed.thing.value).toBe(2);
      await api.keep(new Thing(3));
    }
    expect(await main.kept.add(1)).toBe(4);
    main.kept[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
    expect(Thing.disposed - before[1]!).toBe(Thing.made - before[0]! - 1);
  });
});

describe("an interceptor of incoming operations that refuses", () => {
  const refuse: Serve = () => {
    throw new Error("refused");
  };
  const refuseLater: Serve = async () => {
    await settle(1);
    throw new Error("refused");
  };

  test.each([
    ["at once", refuse],
    ["later", refuseLater],
  ])(
    "keeps operations from running, and their arguments are disposed of: %s",
    async (_when, serve) => {
      const disposed = Thing.disposed;
      const { api, main, isClean } = served(serve);
      expect(await failure(api.echo(new Thing(), { inside: new Thing() }))).toMatchObject({
        message: "refused",
      });
      expect(await failure(api.name)).toMatchObject({ message: "refused" });
      const captured = new RpcStub(new Thing());
      expect(await failure(api.map((x: any) => captured.add(x)))).toMatchObject({
        message: "refused",
      });
      captured[Symbol.dispose]();
      await settle();
      expect(main.ran).toEqual([]);
      expect(Thing.disposed - disposed).toBe(3);
      expect(isClean()).toBe(true);
    },
  );

  test("refuses calls in the instructions of a map", async () => {
    const { api, main } = served((call, next) => {
      if (call.method === "echo" && call.args[0] === 2) throw new Error("refused");
      return next();
    });
    expect(await failure(api.list().map((n: any) => api.echo(n)))).toMatchObject({
      message: "refused",
    });
    expect(main.ran).toEqual([1, 3]);
  });

  test("fails the reader and writer of a chunk, and other chunks keep their order", async () => {
    const { api, main, isClean } = served(async (call, next) => {
      if (call.kind !== "stream") return next();
      await settle(1);
      if (call.args[0] === "c") throw new Error("refused");
      return next();
    });
    const canceled = vi.fn();
    const source = new ReadableStream({
      start(controller) {
        for (const chunk of ["a", "b", "c", "d"]) controller.enqueue(chunk);
      },
      cancel: canceled,
    });
    expect(await failure(api.collect(source))).toMatchObject({ message: "refused" });
    expect(main.ran).toEqual(["a", "b"]);
    await settle();
    expect(canceled).toHaveBeenCalledOnce();
    expect(isClean()).toBe(true);
  });

  test("after the method ran has the result given up, whatever it is", async () => {
    for (const serve of [
      ((_call, next) => {
        next();
        throw new Error("too late");
      }) as Serve,
      (async (_call, next) => {
        await (next() as any)?.then?.(undefined, () => {});
        throw new Error("too late");
      }) as Serve,
    ]) {
      const before = [Thing.made, Thing.disposed];
      const { api, isClean } = served(serve);
      for (const use of [
        () => api.thing(),
        () => api.later(new Thing()),
        () => api.failLater(),
        () => api.inner.add(1),
        () => api.inner,
        () => api.plain,
        () => api.inner.map((each: any) => each),
      ]) {
        expect(await failure(use())).toMatchObject({ message: "too late" });
      }
      await settle();
      expect(isClean()).toBe(true);
      // All but the one that the main object keeps, and those of the getter.
      expect(Thing.disposed - before[1]!).toBe(Thing.made - before[0]! - 2);
    }
  });

  test("may throw any value", async () => {
    const { api } = served(() => {
      throw { not: "an error" };
    });
    expect(await failure(api.echo(1))).toEqual({ not: "an error" });
  });
});

describe("an interceptor of incoming operations that doesn't call next()", () => {
  test("may answer itself, and the arguments are disposed of", async () => {
    const disposed = Thing.disposed;
    const { api, main, isClean } = served((call) => (call.kind === "call" ? "cached" : "value"));
    expect(await api.echo(new Thing())).toBe("cached");
    expect(await api.name).toBe("value");
    expect(await api.map(() => 1)).toBe("value");
    await settle();
    expect(main.ran).toEqual([]);
    expect(Thing.disposed - disposed).toBe(1);
    expect(isClean()).toBe(true);
  });

  test("drops a chunk of a stream", async () => {
    const { api } = served((call, next) =>
      call.kind === "stream" && call.args[0] === "b" ? undefined : next(),
    );
    const source = new ReadableStream({
      start(controller) {
        for (const chunk of ["a", "b", "c"]) controller.enqueue(chunk);
        controller.close();
      },
    });
    expect(await api.collect(source)).toEqual(["a", "c"]);
  });
});

describe("an interceptor of incoming operations that calls next()", () => {
  test("twice runs the method once, and the second call throws", async () => {
    const { api, main } = served((_call, next) => {
      next();
      return next();
    });
    expect((await failure(api.echo(1))).message).toContain("twice");
    expect(main.ran).toEqual([1]);
  });

  test("after it has returned gets an error, and the method doesn't run", async () => {
    const late: unknown[] = [];
    for (const result of ["answer", Promise.resolve("answer")]) {
      const { api, main, isClean } = served((_call, next) => {
        void settle(3).then(() => {
          try {
            next();
          } catch (error) {
            late.push((error as any).code);
          }
        });
        return result;
      });
      expect(await api.echo(new Thing())).toBe("answer");
      await settle(12);
      expect(main.ran).toEqual([]);
      expect(isClean()).toBe(true);
    }
    expect(late).toEqual(["INTERCEPTOR", "INTERCEPTOR"]);
  });
});

test("an interceptor may wait in a thenable that isn't a promise, which is asked once", async () => {
  let asked = 0;
  const { api, main } = served((_call, next) => ({
    // As that of a query builder.
    then(resolve: (value: unknown) => void) {
      asked++;
      void settle(1).then(() => resolve(next()));
    },
  }));
  expect(await api.echo("late")).toBe("late");
  expect(await api.name).toBe("api");
  expect([asked, main.ran]).toEqual([2, ["late"]]);
});

test("an interceptor may wait in an RpcPromise", async () => {
  const { api, main } = served(
    (_call, next) => new RpcPromise(settle(1).then(() => next())) as unknown,
  );
  expect(await api.echo("late")).toBe("late");
  expect(await api.name).toBe("api");
  expect(main.ran).toEqual(["late"]);
});

test("an interceptor that answers before the inner ones have called next() keeps them from it", async () => {
  const codes: unknown[] = [];
  const outer: Serve = (_call, next) => {
    (next() as Promise<unknown>).catch((error) => codes.push(error.code));
    return "answer";
  };
  const disposed = Thing.disposed;
  const { api, main, isClean } = served([outer, waiting]);
  expect(await api.echo(new Thing())).toBe("answer");
  expect(await api.name).toBe("answer");
  await settle(12);
  expect([main.ran, codes]).toEqual([[], ["INTERCEPTOR", "INTERCEPTOR"]]);
  expect(Thing.disposed - disposed).toBe(1);
  expect(isClean()).toBe(true);
});

describe("while an interceptor of incoming operations waits", () => {
  function held() {
    const goOn: (() => void)[] = [];
    const outcomes: unknown[] = [];
    const ends = served(async (_call, next) => {
      await new Promise<void>((resolve) => goOn.push(resolve));
      try {
        return await next();
      } catch (error) {
        outcomes.push((error as any).code);
        throw error;
      }
    });
    return { ...ends, outcomes, goOn: () => goOn.splice(0).forEach((each) => void each()) };
  }

  test("the session may end: the method doesn't run, and arguments are disposed of", async () => {
    const disposed = Thing.disposed;
    const { api, main, server, goOn, outcomes } = held();
    const calls = [failure(api.echo(new Thing())), failure(api.name), failure(api.map(() => 1))];
    await settle();
    api[Symbol.dispose]();
    await Promise.all(calls);
    await settle();
    goOn();
    await settle();
    expect(main.ran).toEqual([]);
    expect(outcomes).toHaveLength(3);
    expect(Thing.disposed - disposed).toBeGreaterThanOrEqual(1);
    expect(server.getStats()).toEqual({ imports: 0, exports: 0 });
  });

  test("the client may release the call's object, and the method still runs", async () => {
    const { api, goOn } = held();
    const opened = api.thing(5);
    await settle();
    goOn();
    await settle();
    const thing = await opened;
    const sum = thing.add(1).then((value: number) => value);
    const value = thing.value.then((each: number) => each);
    await settle();
    thing[Symbol.dispose]();
    await settle();
    goOn();
    expect([await sum, await value]).toEqual([6, 5]);
  });

  test("a call that takes longer than callTimeout fails, and never runs", async () => {
    const ran: unknown[] = [];
    const codes: unknown[] = [];
    let goOn!: () => void;
    class Main extends RpcTarget {
      run() {
        ran.push(1);
      }
    }
    const { api } = pair(new Main(), {
      server: {
        limits: { callTimeout: 20 },
        interceptors: intercept({
          async serve(_call, next) {
            await new Promise<void>((resolve) => {
              goOn = resolve;
            });
            try {
              next();
            } catch (error) {
              codes.push((error as any).code);
            }
          },
        }),
      },
    });
    expect((await failure(api.run())).message).toContain("longer than 20 ms");
    goOn();
    await settle();
    expect([ran, codes]).toEqual([[], ["CANCELED"]]);
  });

  test("arguments of a call that takes longer than callTimeout are disposed of", async () => {
    const disposed = Thing.disposed;
    const { api } = served(() => new Promise(() => {}), { limits: { callTimeout: 20 } });
    await failure(api.echo(new Thing()));
    await settle();
    expect(Thing.disposed - disposed).toBe(1);
  });

  test("operations of each kind count as pending calls", async () => {
    for (const use of [
      (api: any) => api.echo(1),
      (api: any) => api.name.then(),
      (api: any) => api.map(() => 1),
    ]) {
      const { api } = served(() => new Promise(() => {}), { limits: { maxPendingCalls: 5 } });
      const calls = Array.from({ length: 6 }, () => failure(use(api)));
      expect((await Promise.all(calls))[0].message).toContain("limits.maxPendingCalls");
    }
  });
});

describe("an incoming operation that is passed on to another session", () => {
  function gateway(serve: Serve) {
    const main = new Api();
    const backend = pair(main);
    const { list, serve: record } = recorder();
    const front = pair((backend.api as any).dup(), {
      server: { interceptors: intercept({ serve: record }, { serve }) },
    });
    return { main, list, api: front.api as any, front, backend };
  }

  test("passes the interceptors, without a class", async () => {
    const { api, list } = gateway(nothing);
    expect(await api.echo(1)).toBe(1);
    expect(await api.name).toBe("api");
    expect(await api.inner.map((thing: any) => thing.add(1))).toBe(8);
    expect(await api.thing(1).add(1)).toBe(2);
    expect(list()).toEqual([
      ["call", undefined, "echo", [1]],
      ["get", undefined, "name", []],
      ["map", undefined, "inner", []],
      ["call", undefined, "thing", [1]],
      ["call", undefined, "add", [1]],
    ]);
  });

  test("can be refused, at once or later, and leaves nothing behind", async () => {
    for (const serve of [
      (() => {
        throw new Error("refused");
      }) as Serve,
      (async () => {
        await settle(1);
        throw new Error("refused");
      }) as Serve,
    ]) {
      const disposed = Thing.disposed;
      const { api, main, front, backend } = gateway(serve);
      expect(await failure(api.echo(new Thing()))).toMatchObject({ message: "refused" });
      expect(await failure(api.name)).toMatchObject({ message: "refused" });
      const captured = new RpcStub(new Thing());
      expect(await failure(api.map((x: any) => captured.add(x)))).toMatchObject({
        message: "refused",
      });
      captured[Symbol.dispose]();
      await settle();
      expect(main.ran).toEqual([]);
      expect(Thing.disposed - disposed).toBe(2);
      expect([front.isClean(), backend.isClean()]).toEqual([true, true]);
    }
  });

  test("goes on after a wait", async () => {
    const { api, front, backend } = gateway(waiting);
    using echoed = await api.echo({ thing: new Thing(4) });
    expect(await echoed.thing.value).toBe(4);
    expect(await api.name).toBe("api");
    echoed[Symbol.dispose]();
    await settle();
    expect([front.isClean(), backend.isClean()]).toEqual([true, true]);
  });

  test("is seen as a stream's, if it carries a stream", async () => {
    const { api, list } = gateway(nothing);
    const source = new ReadableStream({
      start(controller) {
        controller.enqueue("a");
        controller.close();
      },
    });
    expect(await api.collect(source)).toEqual(["a"]);
    expect(list().map(([kind, , path]) => `${kind} ${path}`)).toEqual([
      "call collect",
      "stream write",
      "stream close",
    ]);
  });
});

test("interceptors of both directions and both sides see one call four times", async () => {
  const seen: string[] = [];
  const at = (side: string) =>
    intercept({
      call(call, next) {
        seen.push(`${side} call ${call.path.join(".")}`);
        return next();
      },
      serve(call, next) {
        seen.push(`${side} serve ${call.path.join(".")}`);
        return next();
      },
    });
  class Main extends RpcTarget {
    async use(callback: any) {
      return await callback(1);
    }
  }
  const { api } = pair(new Main(), {
    client: { interceptors: at("client") },
    server: { interceptors: at("server") },
  });
  expect(await (api as any).use((n: number) => n + 1)).toBe(2);
  expect(seen).toEqual(["client call use", "server serve use", "server call ", "client serve "]);
});

test("hasBegun tells whether all interceptors have let an operation through", async () => {
  const seen: unknown[] = [];
  const outer: Interceptor = {
    serve(call, next) {
      try {
        return next();
      } finally {
        seen.push([call.method, call.hasBegun]);
      }
    },
  };
  const inner: Interceptor = {
    serve(call, next) {
      if (call.method === "refused") throw new Error("refused");
      return next();
    },
  };
  const { api } = pair(new Api(), { server: { interceptors: intercept(outer, inner) } });
  await api.thing();
  await (api as any).refused().then(undefined, () => {});
  await (api as any).missing().then(undefined, () => {});
  expect(seen).toEqual([
    ["thing", true],
    ["refused", false],
    ["missing", true],
  ]);
});
