// An application's code may throw wherever it is called. The error fails the call that it concerns,
// or is reported. It ends neither the session nor the process.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { cycle, nested, revoked, untouchable, withGetter } from "./support/hostile.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { unhandledRejections } from "./support/unhandled.ts";

/** Results that can't be delivered. */
const RESULTS: readonly (readonly [string, () => unknown])[] = [
  ["one level too deep", () => nested(1, 256)],
  ["a list of itself", cycle],
  ["with a getter that throws", () => withGetter("broken")],
  ["with a getter that throws the second time", () => withGetter("broken", 2)],
  ["with a getter that throws the third time", () => withGetter("broken", 3)],
  ["a proxy that can't be touched", () => untouchable()],
  ["a proxy that can be awaited, and that is all", () => untouchable({}, ["then"])],
  ["a function's proxy that can't be touched", () => untouchable(() => {})],
  ["with such a proxy in it", () => ({ inner: untouchable() })],
  ["with a function's proxy in it", () => [untouchable(() => {})]],
  ["a revoked proxy", () => revoked()],
  ["with a revoked proxy in it", () => ({ inner: revoked([]) })],
  ["a symbol", () => Symbol("no")],
  ["an instance of a class whose text can't be had", () => new Textless()],
  ["with a `then` that can't be read", () => withGetter("then")],
  ["with a `then` that can be read once", () => withGetter("then", 2)],
  ["with a `then` that throws", () => thenable(() => fail())],
  ["with a `then` that rejects with such a proxy", () => thenable((_, no) => no(untouchable()))],
  [
    "with a `then` that rejects, and then throws",
    () =>
      thenable((_, no) => {
        no(new Error("first"));
        fail();
      }),
  ],
  ["with a `then` that resolves to a cycle", () => thenable((yes) => yes(cycle()))],
  [
    "with a `then` that calls back twice",
    () =>
      thenable((yes) => {
        yes(Symbol("no"));
        yes(1);
      }),
  ],
];

class Textless {
  [Symbol.toPrimitive]() {
    throw new Error("no text");
  }
}

function fail(): never {
  throw new Error("failed");
}

function thenable(then: (yes: (value: unknown) => void, no: (error: unknown) => void) => void) {
  return new (class Thenable {
    get then() {
      return then;
    }
  })();
}

class Api extends RpcTarget {
  readonly #make: () => unknown;
  constructor(make: () => unknown) {
    super();
    this.#make = make;
  }
  now(..._args: unknown[]) {
    return this.#make();
  }
  async later(..._args: unknown[]) {
    return this.#make();
  }
  throw(..._args: unknown[]): never {
    throw this.#make();
  }
  async reject(..._args: unknown[]): Promise<never> {
    throw this.#make();
  }
  get property() {
    return this.#make();
  }
  list() {
    return [1, 2];
  }
  async value() {
    await null;
    return 1;
  }
  take(..._args: unknown[]) {}
  ping() {
    return "pong";
  }
}

/** The ways in which a method's outcome is delivered. */
const CALLS: readonly (readonly [string, (api: any, stub: any, method: string) => any])[] = [
  ["alone", (api, _, method) => api[method]()],
  ["with a stub among the arguments", (api, stub, method) => api[method](stub)],
  ["with a promise of the peer's", (api, stub, method) => api[method](stub, api.value())],
  ["as an argument", (api, stub, method) => api.take(stub, api[method]())],
  ["through a map()", (api, stub, method) => api.list().map(() => api[method](stub))],
];

describe.each([
  ["a peer", (make: () => unknown) => pair(new Api(make)).api],
  ["a local stub", (make: () => unknown) => new RpcStub(new Api(make))],
] as const)("hostile code from %s", (_, connect) => {
  test.each(RESULTS)("makes only the call fail: a result %s", async (_name, make) => {
    for (const [, call] of CALLS) {
      for (const method of ["now", "later"]) {
        const resources = new Resources();
        const api = connect(make) as any;
        const stub = new RpcStub(resources.make("argument")) as any;
        const unhandled = await unhandledRejections(async () => {
          // Whether the call fails depends on its use, but it must end.
          await (async () => call(api, stub, method))().catch(() => {});
          await (async () => api.property)().catch(() => {});
        });
        expect(unhandled).toEqual([]);
        expect(await api.ping()).toBe("pong");
        stub[Symbol.dispose]();
        expect(resources.disposed).toEqual(["argument"]);
      }
    }
  });
});

/** Things to throw. */
const FAILURES: readonly (readonly [string, () => unknown])[] = [
  ...RESULTS,
  ["with a name that can't be read", () => withGetter("name", 1, new Error("m"))],
  ["with a message that can't be read", () => withGetter("message", 1, new Error("m"))],
  ["with a stack that can't be read", () => withGetter("stack", 1, new Error("m"))],
  ["with a code that can't be read", () => withGetter("code", 1, new Error("m"))],
  ["with a code that can be read once", () => withGetter("code", 2, new Error("m"))],
  ["with a cause that can't be read", () => withGetter("cause", 1, new Error("m"))],
  ["with a constructor that can't be read", () => withGetter("constructor", 1, new Error("m"))],
  ["with a name that can't be text", () => Object.assign(new Error("m"), { name: new Textless() })],
  ["with errors that can't be touched", () => new AggregateError(untouchableList(), "m")],
  ["caused by a proxy", () => new Error("m", { cause: untouchable() })],
  ["caused by an error's proxy", () => new Error("m", { cause: untouchable(new Error()) })],
  ["caused by a function's proxy", () => new Error("m", { cause: untouchable(() => {}) })],
  ["an error's proxy", () => untouchable(new Error("m"))],
  ["a proxy of an error that is one", () => new Proxy(new Error("m"), { ownKeys: fail })],
  ["an object without a prototype", () => Object.create(null)],
  ["a function", () => () => {}],
  ["with a toJSON that throws", () => ({ toJSON: fail, a: 1 })],
  ["a list with a toJSON that throws", () => Object.assign([1], { toJSON: fail })],
];

function untouchableList(): unknown[] {
  return [untouchable(), revoked(), new Textless()];
}

test.each(FAILURES)("a failure %s reaches the caller as a failure", async (_, make) => {
  for (const method of ["throw", "reject"]) {
    for (const options of [{}, { server: { onSendError: (error: Error) => error } }]) {
      const { api } = pair(new Api(make), options) as any;
      const unhandled = await unhandledRejections(async () => {
        const stub = new RpcStub(new Api(make));
        const outcome = await api[method](stub).then(
          () => "resolved",
          () => "rejected",
        );
        expect(outcome).toBe("rejected");
      });
      expect(unhandled).toEqual([]);
      expect(await api.ping()).toBe("pong");
    }
  }
});

test.each(FAILURES)("a session ends with any reason: %s", async (_, make) => {
  const reason = make();
  const unhandled = await unhandledRejections(async () => {
    const { api, clientEnd, serverEnd } = pair(new Api(() => 1)) as any;
    const call = api.later();
    clientEnd.receiver.close(() => {
      throw reason;
    });
    serverEnd.receiver.close(reason);
    const told = await call.then(
      () => "resolved",
      (error: unknown) => error === reason,
    );
    expect(told).toBe(true);
  });
  expect(unhandled).toEqual([]);
});

test.each(RESULTS)("a main object may be a promise of any value: %s", async (_, make) => {
  const unhandled = await unhandledRejections(async () => {
    const { api } = pair(
      Promise.resolve().then(() => make()),
      { server: { onError() {} } },
    ) as any;
    await api.ping().then(undefined, () => {});
    await api.property.then(undefined, () => {});
  });
  expect(unhandled).toEqual([]);
});

test("an error keeps its message if its name can't be read", async () => {
  const { api } = pair(new Api(() => withGetter("name", 1, new RangeError("kept")))) as any;
  expect((await failure(api.throw())).message).toBe("kept");
});

test("an error names a value by a part of the value's text", async () => {
  class Long {
    toString() {
      return "x".repeat(1_000_000);
    }
  }
  const { api } = pair(new Api(() => new Long())) as any;
  const { message } = await failure(api.now());
  expect(message).toContain("xxx");
  expect(message.length).toBeLessThan(2_000);
});

describe("a target whose dup()", () => {
  test.each([
    ["throws", fail],
    ["isn't readable", undefined],
    ["gives nothing", () => undefined],
    ["gives null", () => null],
    ["gives text", () => "text"],
  ])("%s fails the call that has it as an argument", async (_, dup) => {
    class Odd extends RpcTarget {}
    Object.defineProperty(Odd.prototype, "dup", dup ? { value: dup } : { get: fail });
    const unhandled = await unhandledRejections(async () => {
      for (const api of [pair(new Api(() => 1)).api, new RpcStub(new Api(() => 1))] as any[]) {
        expect(await failure(api.take(new Odd()))).toBeInstanceOf(Error);
        expect(await failure(api.take(api.value(), new Odd()))).toBeInstanceOf(Error);
        expect(await api.ping()).toBe("pong");
      }
    });
    expect(unhandled).toEqual([]);
  });
});

test("a stub that is disposed of between calls on its promise fails the later calls", async () => {
  let resolve!: (stub: unknown) => void;
  const promise = new RpcPromise(new Promise((yes) => (resolve = yes))) as any;
  const stub = new RpcStub(
    new (class extends RpcTarget {
      end() {
        (stub as any)[Symbol.dispose]();
        promise[Symbol.dispose]();
      }
      ping() {}
    })(),
  );
  const unhandled = await unhandledRejections(async () => {
    const calls = [promise.end(), promise.ping(), promise.dup()];
    const broken: unknown[] = [];
    promise.onRpcBroken((error: unknown) => broken.push(error));
    resolve(stub);
    for (const call of calls) await Promise.resolve(call).catch(() => {});
  });
  expect(unhandled).toEqual([]);
});

describe("a peer's message", () => {
  test("that runs a failing getter is answered with the failure", async () => {
    const { say, sent, ended } = scripted(new Api(() => withGetter("broken")));
    const unhandled = await unhandledRejections(async () => {
      say(["push", ["pipeline", 0, ["later"], [["export", -1]]]]);
      say(["pull", 1]);
      say([
        "stream",
        [
          "pipeline",
          0,
          ["later"],
          [
            ["export", -2],
            ["pipeline", 1],
          ],
        ],
      ]);
      await settle();
    });
    expect(unhandled).toEqual([]);
    expect(ended.reason).toBe(undefined);
    const rejected = sent.filter(([tag]) => tag === "reject").map(([, id]) => id);
    expect(rejected.sort()).toEqual([1, 2]);
    // References that were handed in are released.
    const released = sent.filter(([tag]) => tag === "release").map(([, id]) => id);
    expect(released.sort()).toEqual([-1, -2]);
  });
});
