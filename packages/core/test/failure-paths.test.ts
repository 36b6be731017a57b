// A call or map() gives up its arguments or captures however it fails: the callee's references go,
// the caller's stay, and neither session holds anything afterwards.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

class Api extends RpcTarget {
  readonly field = "not reachable";
  get list() {
    return [1, 2];
  }
  get data() {
    return { number: 5, nothing: undefined };
  }
  numbers() {
    return [1, 2];
  }
  nothing() {
    return undefined;
  }
  take(..._args: unknown[]) {}
  throwing(..._args: unknown[]): never {
    throw new Error("thrown");
  }
  async later(..._args: unknown[]) {}
  async failing(..._args: unknown[]): Promise<never> {
    throw new Error("rejected");
  }
  unsendable(..._args: unknown[]) {
    return new Map();
  }
  halfUnsendable(stub: any) {
    return [stub.dup(), Symbol("no")];
  }
  use(resource: any, ..._rest: unknown[]) {
    return resource.use();
  }
  pair(resource: any) {
    return { first: resource.dup(), second: resource.dup() };
  }
}

const swallow = async (promise: any) => {
  await failure(promise).catch(() => {});
  promise[Symbol.dispose]?.();
};

/** Disposes of a promise that isn't awaited when the test is over, as its owner would. */
type Also = <T>(promise: T) => T;

/** Acts, waits for the effects, and disposes of all promises and of the result. */
async function doAndDispose(act: (also: Also) => any): Promise<void> {
  const promises: any[] = [];
  const also: Also = (promise) => {
    promises.push(promise);
    return promise;
  };
  try {
    const value = await also(act(also));
    value?.[Symbol.dispose]?.();
  } catch {
    // Thrown at the call, or the reason with which the promise rejects.
  }
  for (const promise of promises) promise[Symbol.dispose]();
}

/** The ways in which a call with a stub among its arguments ends. */
const CALLS: readonly (readonly [string, (api: any, stub: any, also: Also) => any])[] = [
  ["it returns", (api, stub) => api.take(stub)],
  ["it returns later", (api, stub) => api.later(stub)],
  ["it throws", (api, stub) => api.throwing(stub)],
  ["it rejects", (api, stub) => api.failing(stub)],
  ["nobody waits for it", (api, stub, also) => also(api.take(stub)) && api.take()],
  [
    "nobody waits for it and it throws",
    (api, stub, also) => also(api.throwing(stub)) && api.take(),
  ],
  ["there is no such method", (api, stub) => api.nope(stub)],
  ["there is nothing there to have the method", (api, stub) => api.nope.method(stub)],
  ["what is called is a list", (api, stub) => api.list(stub)],
  ["what is called is a property of a number", (api, stub) => api.data.number.method(stub)],
  ["what is called is an instance property", (api, stub) => api.field.method(stub)],
  ["what is called is an element of a list", (api, stub) => api.list[1](stub)],
  ["the main object itself is called", (api, stub) => api(stub)],
  [
    "what is called is the result of a failed call",
    (api, stub, also) => also(api.throwing()).method(stub),
  ],
  [
    "what is called is a property of a failed call",
    (api, stub, also) => also(api.failing()).a.b(stub),
  ],
  ["another argument is a failed call", (api, stub, also) => api.take(stub, also(api.throwing()))],
  ["a promise before it fails", (api, stub, also) => api.take([also(api.failing())], stub)],
  [
    "a local promise among them fails",
    (api, stub) => api.take(stub, new RpcPromise(Promise.reject(new Error("local")))),
  ],
  ["the result can't travel", (api, stub) => api.unsendable(stub)],
  ["a part of the result can't travel", (api, stub) => api.halfUnsendable(stub)],
  ["it is in the result, which is disposed of", (api, stub) => api.pair(stub)],
  [
    "it is disposed of while it runs",
    (api, stub) => {
      const promise = api.later(stub);
      promise[Symbol.dispose]();
      return api.take();
    },
  ],
  ["a list after it can't be sent", (api, stub) => api.take(stub, [Symbol("no")])],
  ["a list before it can't be sent", (api, stub) => api.take([Symbol("no")], { deep: [stub] })],
  [
    "an argument is nested too deep",
    (api, stub) => {
      let deep: unknown = 1;
      for (let i = 0; i < 300; i++) deep = [deep];
      return api.take(stub, deep);
    },
  ],
  [
    "an argument's getter throws",
    (api, stub) =>
      api.take(stub, {
        get broken() {
          throw new Error("getter");
        },
      }),
  ],
];

describe.each([
  ["a peer's method", () => pair(new Api())],
  ["a local stub's method", () => ({ api: new RpcStub(new Api()), isClean: () => true })],
] as const)("a stub in the arguments of %s", (_, connect) => {
  test.each(CALLS)("goes with the call, and stays the caller's, when %s", async (_name, call) => {
    const resources = new Resources();
    const { api, isClean } = connect() as { api: any; isClean(): boolean };
    const stub = new RpcStub(resources.make("caller's")) as any;
    await doAndDispose((also) => call(api, stub, also));
    await settle();
    expect(resources.disposed).toEqual([]);
    expect(isClean()).toBe(true);
    // The last reference to it.
    stub[Symbol.dispose]();
    expect(resources.disposed).toEqual(["caller's"]);
  });

  test.each(CALLS)("is disposed of, if handed in directly, when %s", async (_name, call) => {
    const resources = new Resources();
    const { api, isClean } = connect() as { api: any; isClean(): boolean };
    await doAndDispose((also) => call(api, resources.make("handed in"), also));
    await settle();
    expect(resources.disposed).toEqual(["handed in"]);
    expect(isClean()).toBe(true);
  });
});

/** The ways in which a map() with a captured stub ends. */
const MAPS: readonly (readonly [string, (api: any, stub: any, also: Also) => any])[] = [
  ["it works", (api, stub, also) => also(api.numbers()).map(() => stub.use())],
  [
    "nobody waits for it",
    (api, stub, also) => also(also(api.numbers()).map(() => stub.use())) && api.take(),
  ],
  ["the list is empty of values", (api, stub, also) => also(api.nothing()).map(() => stub.use())],
  [
    "the call that gives the list fails",
    (api, stub, also) => also(api.throwing()).map(() => stub.use()),
  ],
  [
    "the call that gives the list rejects",
    (api, stub, also) => also(api.failing()).map(() => stub.use()),
  ],
  ["the list is a property of nothing", (api, stub) => api.nope.nope.map(() => stub.use())],
  [
    "a recorded call fails",
    (api, stub, also) => also(api.numbers()).map(() => [stub.use(), api.throwing()]),
  ],
  ["a recorded call isn't there", (api, stub, also) => also(api.numbers()).map(() => stub.nope())],
  [
    "the callback throws after using it",
    (api, stub, also) =>
      also(api.numbers()).map(() => {
        stub.use();
        throw new Error("callback");
      }),
  ],
  [
    "the callback is async",
    (api, stub, also) => also(api.numbers()).map(async () => void stub.use()),
  ],
  [
    "the callback gives what can't be recorded",
    (api, stub, also) => also(api.numbers()).map(() => [stub.use(), () => 1]),
  ],
  [
    "it is passed as an argument in the callback",
    (api, stub, also) => also(api.numbers()).map(() => api.use(stub)),
  ],
  [
    "it is in the callback's result",
    (api, stub, also) => also(api.numbers()).map(() => ({ stub })),
  ],
];

describe.each([
  ["a peer's list", () => pair(new Api())],
  ["a local stub's list", () => ({ api: new RpcStub(new Api()), isClean: () => true })],
] as const)("a stub captured by a map() over %s", (_, connect) => {
  test.each(MAPS)("is released when %s", async (_name, map) => {
    const resources = new Resources();
    const { api, isClean } = connect() as { api: any; isClean(): boolean };
    const stub = new RpcStub(resources.make("captured")) as any;
    await doAndDispose((also) => map(api, stub, also));
    await settle();
    expect(resources.disposed).toEqual([]);
    stub[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["captured"]);
    expect(isClean()).toBe(true);
  });
});

describe("a session that has ended", () => {
  const ENDS: readonly (readonly [string, (connection: ReturnType<typeof pair>) => void])[] = [
    ["because the connection broke", ({ clientEnd }) => clientEnd.receiver.close(new Error("cut"))],
    ["because its main stub was disposed of", ({ api }) => (api as any)[Symbol.dispose]()],
    ["because the peer sent nonsense", ({ clientEnd }) => clientEnd.receiver.receive("nonsense")],
    [
      "because the peer aborted",
      ({ clientEnd }) => clientEnd.receiver.receive('["abort",["error","Error","no"]]'),
    ],
  ];

  test.each(ENDS)("%s disposes of the arguments and captures handed to it", async (_, end) => {
    const resources = new Resources();
    const connection = pair(new Api());
    const api = connection.api as any;
    const list = api.numbers();
    const method = api.take.dup();
    const stub = new RpcStub(resources.make("stub")) as any;
    end(connection);
    await swallow(api.take(resources.make("to the main stub"), stub));
    await swallow(method(resources.make("to a method's stub"), stub));
    await swallow(list.method(resources.make("to a promise"), stub));
    await swallow(list.map(() => stub.use()));
    await settle();
    expect(resources.disposed.sort()).toEqual([
      "to a method's stub",
      "to a promise",
      "to the main stub",
    ]);
    stub[Symbol.dispose]();
    expect(resources.disposed).toHaveLength(4);
  });

  test.each(ENDS)("%s gives up the arguments of pending calls", async (_, end) => {
    const resources = new Resources();
    class Slow extends RpcTarget {
      never(..._args: unknown[]) {
        return new Promise(() => {});
      }
    }
    const connection = pair(new Slow());
    const api = connection.api as any;
    const stub = new RpcStub(resources.make("kept by the caller")) as any;
    const pending = failure(api.never(resources.make("handed in"), stub));
    await settle();
    end(connection);
    expect(await pending).toBeInstanceOf(Error);
    await settle();
    expect(resources.disposed).toEqual(["handed in"]);
    expect(await stub.use()).toBe("used kept by the caller");
  });
});

describe("a stub that was disposed of", () => {
  test.each([
    ["a call", (stub: any, arg: unknown) => stub(arg)],
    ["a method", (stub: any, arg: unknown) => stub.method(arg)],
    ["a deep method", (stub: any, arg: unknown) => stub.a.b.method(arg)],
  ])("refuses %s, and disposes of the arguments", async (_, call) => {
    const resources = new Resources();
    const { api } = pair(new Api());
    for (const stub of [new RpcStub(new Api()), (api as any).numbers(), (api as any).take.dup()]) {
      stub[Symbol.dispose]();
      stub[Symbol.dispose]();
      const error = await failure(call(stub, resources.make("argument")));
      expect(error).toMatchObject({
        message: "Attempted to use RPC stub after it has been disposed.",
        code: "DISPOSED",
      });
    }
    expect(resources.disposed).toEqual(["argument", "argument", "argument"]);
  });

  test("refuses to be mapped, read, awaited and duplicated", async () => {
    const resources = new Resources();
    const { api } = pair(new Api());
    const captured = new RpcStub(resources.make("captured")) as any;
    const promise = (api as any).numbers();
    promise[Symbol.dispose]();
    const message = "Attempted to use RPC stub after it has been disposed.";
    expect((await failure(promise.map(() => captured.use()))).message).toBe(message);
    expect((await failure(promise.length)).message).toBe(message);
    expect((await failure(promise)).message).toBe(message);
    expect((await failure(promise.dup().x)).message).toBe(message);
    const broken: any[] = [];
    promise.onRpcBroken((error: unknown) => broken.push(error));
    expect(broken).toMatchObject([{ message }]);
    captured[Symbol.dispose]();
    expect(resources.disposed).toEqual(["captured"]);
  });

  test("fails its users if it arrives as an argument", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Api());
    const stub = new RpcStub(new Api()) as any;
    stub[Symbol.dispose]();
    const error = await failure((api as any).use(stub, resources.make("other")));
    expect(error.message).toBe("Attempted to use RPC stub after it has been disposed.");
    await settle();
    expect(resources.disposed).toEqual(["other"]);
    expect(isClean()).toBe(true);
  });
});

describe("a reference in a peer's message", () => {
  const MESSAGES: readonly (readonly [string, unknown])[] = [
    ["a call of what isn't there", ["pipeline", 0, ["nope"], [["export", -1]]]],
    ["a call of what is no function", ["pipeline", 0, ["list"], [["export", -1]]]],
    ["a call through nothing", ["pipeline", 0, ["a", "b", "c"], [["export", -1]]]],
    ["a call of the main object", ["pipeline", 0, [], [["export", -1]]]],
    ["a value", { a: [[["export", -1]]] }],
    ["a dropped key", { __proto__: 1, ["toJSON"]: ["export", -1] }],
    ["an error's property", ["error", "Error", "x", null, { stub: ["export", -1] }]],
    ["a map over nothing", ["remap", 0, ["data", "nothing"], [["export", -1]], [["pipeline", 0]]]],
    ["a map that fails", ["remap", 0, ["list"], [["export", -1]], [["pipeline", 9]]]],
    ["a map without instructions", ["remap", 0, ["list"], [["export", -1]], []]],
    ["a map over what isn't there", ["remap", 0, ["a", "b"], [["export", -1]], [["pipeline", 0]]]],
    [
      "an argument among ones that fail",
      [
        "pipeline",
        0,
        ["take"],
        [
          ["export", -1],
          ["pipeline", 0, ["throwing"], []],
        ],
      ],
    ],
  ];

  test.each(MESSAGES)("is released if its place is %s", async (_, expression) => {
    const { say, sent, session, ended } = scripted(new Api());
    say(["push", expression]);
    say(["pull", 1]);
    await settle();
    say(["release", 1, 1]);
    await settle();
    expect(ended.reason).toBeUndefined();
    expect(sent.filter(([tag]) => tag === "release")).toEqual([["release", -1, 1]]);
    expect(session.getStats()).toEqual({ imports: 1, exports: 1 });
  });
});
