// A value is handed over even if it turns out that it can't be copied or sent. All references in it
// are then disposed of, wherever they stand.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

function deep(): unknown {
  let value: unknown = 1;
  for (let i = 0; i < 300; i++) value = [value];
  return value;
}

function cyclic(): unknown {
  const list: unknown[] = [];
  list.push(list, list);
  return list;
}

const getter = (object: object, name: string) =>
  Object.defineProperty(object, name, {
    enumerable: true,
    get() {
      throw new Error("thrown by a getter");
    },
  });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const BAD: readonly [string, () => unknown][] = [
  ["a value too deep", deep],
  ["a list of itself", cyclic],
  ["a getter that throws", () => getter({}, "a")],
  ["an element's getter that throws", () => getter([1], "0")],
  ["a revoked proxy", revoked],
  ["a symbol", () => Symbol("s")],
];

/** One object of each kind that is disposed of. */
function things(resources: Resources, name: string) {
  const make = (kind: string) => resources.make(`${name} ${kind}`);
  return {
    target: make("target"),
    stub: new RpcStub(make("stub")),
    promise: new RpcPromise(Promise.resolve(make("promise"))),
    native: Promise.resolve(make("native")),
    list: [{ nested: make("nested") }],
    error: new Error("m", { cause: new RpcStub(make("cause")) }),
    stream: new ReadableStream({
      cancel: () => void resources.disposed.push(`${name} stream`),
    }),
  };
}

const KINDS = ["cause", "native", "nested", "promise", "stream", "stub", "target"];

class Api extends RpcTarget {
  readonly #make: () => unknown;
  constructor(make: () => unknown) {
    super();
    this.#make = make;
  }
  give() {
    return this.#make();
  }
  giveWith(argument: unknown) {
    return [argument, this.#make()];
  }
  async giveLater() {
    return this.#make();
  }
  take() {}
}

describe.each(BAD)("a copy that fails, of a result with %s,", (_, bad) => {
  test.each(["give", "giveLater", "giveWith"])("disposes of it after %s()", async (method) => {
    const resources = new Resources();
    const make = () => [things(resources, "before"), bad(), things(resources, "after")];
    const { api, isClean } = pair(new Api(make));
    using argument = new RpcStub(resources.make("argument"));
    const call = method === "giveWith" ? [argument] : [];
    expect(await failure((api as any)[method](...call))).toBeInstanceOf(Error);
    await settle();
    const all = ["after", "before"].flatMap((name) => KINDS.map((kind) => `${name} ${kind}`));
    expect(resources.disposed.sort()).toEqual(all);
    expect(isClean()).toBe(true);
  });
});

test("a value that is a part of itself is disposed of once", async () => {
  const resources = new Resources();
  const make = () => {
    const value: any = { target: resources.make("target") };
    value.self = value;
    return value;
  };
  const { api } = pair(new Api(make));
  expect(await failure(api.give())).toBeInstanceOf(Error);
  await settle();
  expect(resources.disposed).toEqual(["target"]);
  expect(() => (api as any).take(make())).toThrow();
  await settle();
  expect(resources.disposed).toEqual(["target", "target"]);
});

describe.each(BAD)("a copy that fails, of arguments with %s,", (_, bad) => {
  test("hands over targets, and leaves stubs and duplicable targets to the caller", async () => {
    class Shared extends RpcTarget {
      disposed = 0;
      copies = 0;
      dup() {
        this.copies++;
        return new Shared();
      }
      [Symbol.dispose]() {
        this.disposed++;
      }
    }
    const resources = new Resources();
    const { api } = pair(new Api(() => 1));
    const { target, list, stub } = things(resources, "argument");
    const shared = new Shared();
    await expect(async () =>
      (api as any).take(shared, bad(), target, list, stub),
    ).rejects.toThrow();
    await settle();
    expect(resources.disposed.sort()).toEqual(["argument nested", "argument target"]);
    expect(shared.disposed).toBe(0);
    stub[Symbol.dispose]();
    expect(resources.disposed).toContain("argument stub");
  });
});

test("a property that can't be copied leaves no duplicates of its stubs", async () => {
  const resources = new Resources();
  const shared = new RpcStub(resources.make("shared")) as any;
  class Main extends RpcTarget {
    get property() {
      return [shared, deep()];
    }
  }
  const { api } = pair(new Main());
  expect(await failure(api.property as any)).toBeInstanceOf(Error);
  shared[Symbol.dispose]();
  await settle();
  expect(resources.disposed).toEqual(["shared"]);
});
