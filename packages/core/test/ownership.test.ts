import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

class Api extends RpcTarget {
  kept: any;
  take(..._args: unknown[]) {}
  throwing(..._args: unknown[]): never {
    throw new Error("thrown");
  }
  async failing(..._args: unknown[]): Promise<never> {
    throw new Error("rejected");
  }
  keep(stub: any) {
    this.kept = stub.dup();
  }
  give(stub: any) {
    return stub;
  }
  wrap(stub: any) {
    return { inner: [stub] };
  }
  useArgument(resource: any) {
    return resource.use();
  }
  unsendable(..._args: unknown[]) {
    return Symbol("nope");
  }
  fail(): never {
    throw new Error("first");
  }
}

describe("arguments are disposed of", () => {
  const FAILURES: readonly (readonly [string, (api: any, resource: unknown) => unknown])[] = [
    ["after the call", (api, resource) => api.take(resource)],
    ["nested in values", (api, resource) => api.take({ list: [{ resource }] })],
    ["when the method throws", (api, resource) => api.throwing(resource)],
    ["when its promise rejects", (api, resource) => api.failing(resource)],
    ["when there is no such method", (api, resource) => api.nope(resource)],
    ["when the path leads nowhere", (api, resource) => api.nope.deeper(resource)],
    ["when a later argument can't travel", (api, resource) => api.take(resource, new Map())],
    ["when an earlier argument can't travel", (api, resource) => api.take(Symbol("s"), resource)],
    ["when a promise among them fails", (api, resource) => api.take(resource, api.fail())],
    ["when what is called failed", (api, resource) => api.fail().method(resource)],
    ["when the result can't travel", (api, resource) => api.unsendable(resource)],
  ];

  test.each(FAILURES)("%s", async (_, call) => {
    const resources = new Resources();
    const { api } = pair(new Api());
    try {
      const promise = call(api, resources.make("argument")) as any;
      await promise.then(
        () => {},
        () => {},
      );
      promise[Symbol.dispose]();
    } catch {
      // Thrown at the call, so nothing was sent.
    }
    await settle();
    expect(resources.disposed).toEqual(["argument"]);
  });

  test("when the session is over", async () => {
    const resources = new Resources();
    const { api, clientEnd } = pair(new Api());
    clientEnd.receiver.close(new Error("gone"));
    expect(await failure(api.take(resources.make("late")))).toMatchObject({ message: "gone" });
    expect(resources.disposed).toEqual(["late"]);
  });

  test("when the stub was disposed of", async () => {
    const resources = new Resources();
    const stub = new RpcStub(() => 1) as any;
    stub[Symbol.dispose]();
    expect(await failure(stub(resources.make("argument")))).toMatchObject({
      message: "Attempted to use RPC stub after it has been disposed.",
    });
    expect(resources.disposed).toEqual(["argument"]);
  });

  test("when the transport refuses the message", async () => {
    const resources = new Resources();
    const { api, clientEnd } = pair(new Api());
    clientEnd.send = () => {
      throw new Error("full");
    };
    expect(await failure(api.take(resources.make("argument")))).toMatchObject({ message: "full" });
    expect(resources.disposed).toEqual(["argument"]);
  });

  test("when a local promise that the call waits for fails", async () => {
    const resources = new Resources();
    const target = new RpcPromise(Promise.reject(new Error("never"))) as any;
    expect((await failure(target.method(resources.make("argument")))).message).toBe("never");
    expect(resources.disposed).toEqual(["argument"]);
  });

  test("exports for a message that can't be sent are taken back", async () => {
    const { api, client, clientEnd } = pair(new Api());
    expect(() => api.take(() => 1, new Map())).toThrow();
    expect(client.getStats()).toEqual({ imports: 1, exports: 1 });
    await api.take(() => 2);
    // An id is never used again, even if the peer never saw it.
    expect(clientEnd.sent[0]).toEqual(["push", ["pipeline", 0, ["take"], [["export", -2]]]]);
  });
});

describe("ownership", () => {
  test("leaves the caller its stubs, and gives the callee duplicates", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Api());
    const stub = new RpcStub(resources.make("mine")) as any;
    await api.take(stub);
    await settle();
    expect(resources.disposed).toEqual([]);
    expect(await stub.use()).toBe("used mine");
    stub[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["mine"]);
    expect(isClean()).toBe(true);
  });

  test("lets a callee keep an argument with dup()", async () => {
    const resources = new Resources();
    const main = new Api();
    const { api, isClean } = pair(main);
    await api.keep(resources.make("kept"));
    await settle();
    expect(resources.disposed).toEqual([]);
    expect(await main.kept.use()).toBe("used kept");
    main.kept[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["kept"]);
    expect(isClean()).toBe(true);
  });

  test("runs a target's disposer once for each time that it was handed over", async () => {
    const resources = new Resources();
    const { api } = pair(new Api());
    const resource = resources.make("twice");
    await api.take(resource, resource);
    await settle();
    expect(resources.disposed).toEqual(["twice", "twice"]);
  });

  test("asks a target with dup() for a duplicate to hand over", async () => {
    const resources = new Resources();
    class Duplicating extends RpcTarget {
      dup() {
        return resources.make("duplicate");
      }
      [Symbol.dispose]() {
        resources.disposed.push("original");
      }
    }
    const { api } = pair(new Api());
    expect(await api.useArgument(new Duplicating())).toBe("used duplicate");
    await settle();
    expect(resources.disposed).toEqual(["duplicate"]);
  });

  test("gives a result a hidden disposer for every stub in it", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      make() {
        return { a: resources.make("a"), list: [resources.make("b")] };
      }
    }
    const { api, isClean } = pair(new Main());
    const result = (await api.make()) as any;
    expect(Object.keys(result)).toEqual(["a", "list"]);
    result[Symbol.dispose]();
    result[Symbol.dispose]();
    await settle();
    expect(resources.disposed.sort()).toEqual(["a", "b"]);
    expect(isClean()).toBe(true);
  });

  test("lets a call return its own argument, whole or inside its result", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Api());
    const given = (await api.give(resources.make("given"))) as any;
    const wrapped = (await api.wrap(resources.make("wrapped"))) as any;
    expect(await given.use()).toBe("used given");
    expect(await wrapped.inner[0].use()).toBe("used wrapped");
    given[Symbol.dispose]();
    wrapped[Symbol.dispose]();
    await settle();
    expect(resources.disposed.sort()).toEqual(["given", "wrapped"]);
    expect(isClean()).toBe(true);
  });

  test("disposes of a result that was released before it arrived", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      make() {
        return resources.make("late");
      }
    }
    const { api, serverEnd, isClean } = pair(new Main());
    const promise = api.make();
    promise.then(
      () => {},
      () => {},
    );
    serverEnd.held = [];
    await settle();
    promise[Symbol.dispose]();
    serverEnd.release();
    await settle();
    expect(resources.disposed).toEqual(["late"]);
    expect(isClean()).toBe(true);
  });

  test("leaves a property's stub to its object", async () => {
    const resources = new Resources();
    const stub = new RpcStub(resources.make("held"));
    class Main extends RpcTarget {
      get held() {
        return stub;
      }
    }
    const { api } = pair(new Main());
    const first = (await (api as any).held) as any;
    first[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual([]);
    expect(await (api as any).held.use()).toBe("used held");
  });
});

describe("a reference count on the wire", () => {
  test("names a returned stub by the receiver's own id", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      make() {
        return resources.make("own");
      }
      useArgument(resource: any) {
        return resource.use();
      }
    }
    const { api, clientEnd } = pair(new Main());
    using stub = await api.make();
    expect(await api.useArgument(stub as any)).toBe("used own");
    expect(clientEnd.sent).toContainEqual([
      "push",
      ["pipeline", 0, ["useArgument"], [["import", -1]]],
    ]);
  });

  test("releases an id introduced several times with its count", async () => {
    const { say, sent } = scripted(new Api());
    say(["push", ["pipeline", 0, ["take"], [["export", -1], ["export", -1], [[["export", -1]]]]]]);
    await settle();
    expect(sent).toEqual([["release", -1, 3]]);
  });

  test("treats an id introduced again while its release is in flight as a new reference", async () => {
    const main = new Api();
    const { say, sent } = scripted(main);
    say(["push", ["pipeline", 0, ["take"], [["export", -1]]]]);
    await settle();
    say(["push", ["pipeline", 0, ["keep"], [["export", -1]]]]);
    await settle();
    expect(sent).toEqual([["release", -1, 1]]);
    main.kept[Symbol.dispose]();
    expect(sent).toEqual([
      ["release", -1, 1],
      ["release", -1, 1],
    ]);
  });
});

describe("a target in a result of which only parts are used", () => {
  class Main extends RpcTarget {
    readonly resources = new Resources();
    async result() {
      return { a: this.resources.make("a"), list: [this.resources.make("b")] };
    }
    async broken() {
      return {
        a: this.resources.make("a"),
        get b() {
          throw new Error("thrown by a getter");
        },
      };
    }
    take(..._args: unknown[]) {}
  }

  test.each<readonly [string, string, unknown, string[]]>([
    ["as a property", "result", ["pipeline", 1, ["a"]], ["a", "b"]],
    ["as a list that is mapped", "result", ["remap", 1, ["list"], [], [0]], ["a", "b"]],
    ["of which the whole can't be copied", "broken", ["pipeline", 1], ["a"]],
  ])("%s is disposed of once", async (_, method, part, disposed) => {
    const main = new Main();
    const { say, transport } = scripted(main);
    say(["push", ["pipeline", 0, [method], []]]);
    await settle();
    for (let id = 2; id < 4; id++) {
      say(["push", ["pipeline", 0, ["take"], [part]]]);
      await settle();
      say(["release", id, 1]);
    }
    say(["push", ["pipeline", 1]]);
    say(["pull", 4]);
    await settle();
    transport.receiver.close(new Error("the end"));
    await settle();
    expect(main.resources.disposed.sort()).toEqual(disposed);
  });
});

test("a target in a result that is too much work to copy is disposed of", async () => {
  const resources = new Resources();
  class Main extends RpcTarget {
    async result() {
      return [new Array(50).fill(0), resources.make("made")];
    }
  }
  const { say, ended } = scripted(new Main(), { limits: { maxWork: 40 } });
  say(["push", ["pipeline", 0, ["result"], [["pipeline", 0]]]]);
  await settle();
  expect(ended.reason).toMatchObject({ code: "LIMIT" });
  expect(resources.disposed).toEqual(["made"]);
});

/** Stubs -1 and -3 in members that are dropped, and stub -2 in one that isn't. */
const DROPPED: [string, unknown][] = [
  [
    "an object",
    {
      toJSON: [
        [
          ["export", -1],
          ["export", -3],
        ],
      ],
      kept: ["export", -2],
    },
  ],
  [
    "a column",
    [
      "table",
      {
        toJSON: [
          [
            ["export", -1],
            ["export", -3],
          ],
        ],
        a: [[["export", -2], 1]],
      },
    ],
  ],
  [
    "the first column, a table",
    [
      "table",
      {
        toJSON: [
          "table",
          {
            a: [
              [
                ["export", -1],
                ["export", -3],
              ],
            ],
          },
        ],
        a: [[["export", -2], 1]],
      },
    ],
  ],
  [
    "a later column, a table",
    [
      "table",
      {
        a: [[["export", -2], 1]],
        valueOf: [
          "table",
          {
            a: [
              [
                ["export", -1],
                ["export", -3],
              ],
            ],
          },
        ],
      },
    ],
  ],
  [
    "a column of a table in a table",
    [
      "table",
      {
        a: [
          "table",
          {
            toJSON: [
              [
                ["export", -1],
                ["export", -3],
              ],
            ],
            b: [[["export", -2], []]],
          },
        ],
      },
    ],
  ],
];

test.each(DROPPED)(
  "a reference that is dropped is released at once, because nobody can reach it: in %s",
  async (_, value) => {
    class Main extends RpcTarget {
      keep(_value: unknown) {
        return new Promise(() => {});
      }
    }
    const { say, sent } = scripted(new Main());
    say(["push", ["pipeline", 0, ["keep"], [value]]]);
    await settle();
    expect(sent).toEqual([
      ["release", -1, 1],
      ["release", -3, 1],
    ]);
  },
);
