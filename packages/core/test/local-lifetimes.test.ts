// Stubs and promises of this process have the same lifetimes as those of a session.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

const stubOf = (value: unknown) => new RpcStub(value as any) as any;
const promiseOf = (value: unknown) => new RpcPromise(value as any) as any;

describe("a stub of an object", () => {
  test("owns the targets and stubs in it, however deep", () => {
    const resources = new Resources();
    const stub = stubOf({
      target: resources.make("target"),
      deep: [{ stub: stubOf(resources.make("stub")) }],
    });
    const duplicate = stub.dup();
    stub[Symbol.dispose]();
    expect(resources.disposed).toEqual([]);
    duplicate[Symbol.dispose]();
    expect(resources.disposed).toEqual(["target", "stub"]);
  });

  test("may be of a list, or of an object that refers to itself", () => {
    const resources = new Resources();
    const list: unknown[] = [resources.make("one")];
    list.push(list);
    stubOf(list)[Symbol.dispose]();
    expect(resources.disposed).toEqual(["one"]);
  });

  test("leaves disposal to the object's own disposer, if it has one", () => {
    const resources = new Resources();
    const target = resources.make("target");
    stubOf({ target, [Symbol.dispose]: () => resources.disposed.push("own") })[Symbol.dispose]();
    expect(resources.disposed).toEqual(["own"]);
  });

  test("is disposed of with the session if it is the main object", () => {
    const resources = new Resources();
    const { serverEnd } = pair({ part: resources.make("part") });
    serverEnd.receiver.close(new Error("cut"));
    expect(resources.disposed).toEqual(["part"]);
  });
});

describe("a call is delivered before its target is disposed of", () => {
  class Log extends RpcTarget {
    readonly #log: string[];
    constructor(log: string[]) {
      super();
      this.#log = log;
    }
    add(entry: string) {
      this.#log.push(entry);
    }
    [Symbol.dispose]() {
      this.#log.push("disposed");
    }
  }
  class Logs extends RpcTarget {
    readonly log: string[] = [];
    open() {
      return new Log(this.log);
    }
  }

  test.each([
    ["a promise of a target", (log: string[]) => promiseOf(Promise.resolve(new Log(log)))],
    ["the result of a call", (log: string[]) => stubOf(() => new Log(log))()],
    [
      "the result of a call to a peer",
      (log: string[]) => (pair(Object.assign(new Logs(), { log })).api as any).open(),
    ],
  ])("on %s", async (_, make) => {
    const log: string[] = [];
    const promise = make(log);
    await settle();
    void promise.add("called");
    promise[Symbol.dispose]();
    expect(log).not.toContain("disposed");
    await settle();
    expect(log).toEqual(["called", "disposed"]);
    expect((await failure(promise.add("late"))).message).toMatch(/disposed/);
  });

  test("although it waits for its arguments", async () => {
    const log: string[] = [];
    const stub = stubOf(new Log(log));
    let resolve!: (entry: string) => void;
    const entry = new Promise<string>((yes) => {
      resolve = yes;
    });
    const call = stub.add(promiseOf(entry)).then((value: unknown) => value);
    stub[Symbol.dispose]();
    await settle();
    expect(log).toEqual([]);
    resolve("called");
    await call;
    expect(log).toEqual(["called", "disposed"]);
  });

  test("although it waits for arguments that never come", async () => {
    const log: string[] = [];
    const stub = stubOf(new Log(log));
    const call = failure(stub.add(promiseOf(Promise.reject(new Error("none")))));
    stub[Symbol.dispose]();
    expect((await call).message).toBe("none");
    expect(log).toEqual(["disposed"]);
  });
});

describe("making a stub or promise of another stub", () => {
  test.each([
    ["RpcStub", stubOf],
    ["RpcPromise", promiseOf],
  ])("shares the reference: new %s", async (_, make) => {
    const resources = new Resources();
    const stub = stubOf(resources.make("target"));
    const other = make(stub);
    expect(await stub.use()).toBe("used target");
    expect(await other.use()).toBe("used target");
    other[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["target"]);
    expect((await failure(stub.use())).message).toMatch(/disposed/);
  });
});

describe("new RpcPromise", () => {
  class Main extends RpcTarget {
    reads = 0;
    readonly #resources: Resources;
    constructor(resources: Resources) {
      super();
      this.#resources = resources;
    }
    make() {
      return this.#resources.make("made");
    }
    get part() {
      this.reads++;
      return { name: "part" };
    }
  }

  test("of another promise takes that over", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Main(resources));
    const source = api.make();
    const taken = promiseOf(source);
    expect(await taken.use()).toBe("used made");
    expect((await failure((source as any).use())).message).toMatch(/disposed/);
    source[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual([]);
    taken[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["made"]);
    expect(isClean()).toBe(true);
  });

  test.each([
    ["a peer's", (main: Main) => pair(main).api as any],
    ["of this process", stubOf],
  ])("of a property (%s) fetches nothing until it is awaited", async (_, make) => {
    const main = new Main(new Resources());
    const promise = promiseOf(make(main).part.name);
    await settle();
    expect(main.reads).toBe(0);
    expect(await promise).toBe("part");
    expect(main.reads).toBe(1);
    promise[Symbol.dispose]();
    expect((await failure(promise)).message).toMatch(/disposed/);
  });

  test("of a property holds the property's object", async () => {
    const resources = new Resources();
    const list = promiseOf(Promise.resolve({ item: resources.make("item") }));
    const item = promiseOf(list.item);
    list[Symbol.dispose]();
    await settle();
    expect(await item.use()).toBe("used item");
    expect(resources.disposed).toEqual([]);
    item[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["item"]);
  });

  test("of a property may be a result", async () => {
    const resources = new Resources();
    const get = stubOf(() => {
      const source = promiseOf(Promise.resolve({ item: resources.make("item") }));
      return promiseOf(source.item);
    });
    const item = await get();
    expect(await item.use()).toBe("used item");
  });
});
