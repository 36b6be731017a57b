// The lifetimes of things: arguments live as long as the call, results until their owner gives them
// up, and listeners until they were called. Also the ways in which a peer may try to hold more than
// it should.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { unhandledRejections } from "./support/unhandled.ts";

describe("the arguments of a call", () => {
  test("live until an async method's promise settles, and no longer", async () => {
    const resources = new Resources();
    let finish!: () => void;
    let argument: any;
    class Main extends RpcTarget {
      async use(stub: any) {
        argument = stub;
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return await stub.use();
      }
    }
    const { api, isClean } = pair(new Main());
    const result = api.use(resources.make("argument"));
    const done = result.then((value: unknown) => value);
    await settle();
    expect(await argument.use()).toBe("used argument");
    expect(resources.disposed).toEqual([]);
    finish();
    expect(await done).toBe("used argument");
    await settle();
    expect(resources.disposed).toEqual(["argument"]);
    expect((await failure(argument.use())).message).toMatch(/disposed/);
    expect(isClean()).toBe(true);
  });

  test("live until the method is done with them, even if the call is canceled", async () => {
    const resources = new Resources();
    let finish!: () => void;
    const used: unknown[] = [];
    class Main extends RpcTarget {
      async use(stub: any) {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        used.push(await stub.use());
      }
    }
    const { api, isClean } = pair(new Main());
    api.use(resources.make("argument"))[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual([]);
    finish();
    await settle();
    expect(used).toEqual(["used argument"]);
    expect(resources.disposed).toEqual(["argument"]);
    expect(isClean()).toBe(true);
  });

  test("stay unchanged for the caller, on either side, whatever the callee changes", async () => {
    const seen: unknown[] = [];
    class Main extends RpcTarget {
      async change(value: any) {
        await null;
        seen.push(JSON.parse(JSON.stringify(value)));
        value.list.push("changed");
        return value;
      }
    }
    const { api } = pair(new Main());
    const value = { list: ["original"] };
    const call = api.change(value);
    value.list.push("too late");
    expect(await call).toEqual({ list: ["original", "changed"] });
    expect(value).toEqual({ list: ["original", "too late"] });
    expect(seen).toEqual([{ list: ["original"] }]);
  });
});

describe("the result of a call", () => {
  class Main extends RpcTarget {
    readonly #resources: Resources;
    constructor(resources: Resources) {
      super();
      this.#resources = resources;
    }
    one() {
      return this.#resources.make("one");
    }
    inside() {
      return { list: [this.#resources.make("inside")] };
    }
    date() {
      return new Date(0);
    }
  }

  test("outlives its promise, until it is disposed of itself", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Main(resources));
    const stub = (await api.one()) as any;
    const { list } = (await api.inside()) as any;
    await settle();
    expect(await stub.use()).toBe("used one");
    expect(await list[0].use()).toBe("used inside");
    expect(resources.disposed).toEqual([]);
    stub[Symbol.dispose]();
    list[0][Symbol.dispose]();
    await settle();
    expect(resources.disposed.sort()).toEqual(["inside", "one"]);
    expect(isClean()).toBe(true);
  });

  test("is released with the promise that was awaited for it", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Main(resources));
    const promise = api.inside() as any;
    const { list } = await promise;
    promise[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["inside"]);
    expect((await failure(list[0].use())).message).toMatch(/disposed/);
    expect(isClean()).toBe(true);
  });

  test("has a hidden disposer if it is an object, and none otherwise", async () => {
    const { api } = pair(new Main(new Resources()));
    for (const result of [await api.inside(), await api.date()] as any[]) {
      expect(Object.getOwnPropertyDescriptor(result, Symbol.dispose)).toMatchObject({
        enumerable: false,
        value: expect.any(Function),
      });
    }
    expect(JSON.stringify(await api.date())).toBe('"1970-01-01T00:00:00.000Z"');
  });

  test("stays in a duplicate when the original is disposed of", async () => {
    const resources = new Resources();
    const { api, isClean } = pair(new Main(resources));
    const stub = (await api.one()) as any;
    const copy = stub.dup();
    stub[Symbol.dispose]();
    stub[Symbol.dispose]();
    await settle();
    expect(await copy.use()).toBe("used one");
    copy[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["one"]);
    expect(isClean()).toBe(true);
  });
});

describe("a lazy promise", () => {
  class Main extends RpcTarget {
    big() {
      return { list: Array(1000).fill("x"), small: 1 };
    }
  }

  test("fetches nothing unless it is awaited", async () => {
    const { api, serverEnd } = pair(new Main());
    using whole = api.big();
    expect(await whole.small).toBe(1);
    await settle();
    expect(serverEnd.sent).toEqual([["resolve", 2, 1]]);
  });

  test("fetches nothing when it is passed on and used", async () => {
    class Api extends Main {
      length({ list }: { list: string[] }) {
        return list.length;
      }
    }
    const { api, serverEnd } = pair(new Api());
    expect(await api.length(api.big() as any)).toBe(1000);
    await settle();
    expect(serverEnd.sent).toEqual([["resolve", 2, 1000]]);
  });

  test("causes no unhandled rejection if it fails without being awaited", async () => {
    class Failing extends RpcTarget {
      fail(): never {
        throw new Error("unnoticed");
      }
      async failLater() {
        throw new Error("unnoticed, later");
      }
      take(..._args: unknown[]) {}
    }
    const unhandled = await unhandledRejections(() => {
      const remote = pair(new Failing()).api as any;
      const local = new RpcStub(new Failing()) as any;
      for (const api of [remote, local]) {
        api.fail();
        api.failLater();
        api.failLater().some.more.calls();
        api.take(api.failLater());
        api.failLater().map((x: unknown) => x);
        api.fail().dup();
        api.nope.nope();
      }
      new RpcPromise(Promise.reject(new Error("unnoticed, local")));
    });
    expect(unhandled).toEqual([]);
  });

  test("causes an unhandled rejection if its failure is awaited and not handled, like any promise", async () => {
    class Failing extends RpcTarget {
      async fail() {
        throw new Error("noticed");
      }
    }
    const unhandled = await unhandledRejections(() => {
      const { api } = pair(new Failing());
      api.fail().then(() => {});
    });
    expect(unhandled).toMatchObject([{ message: "noticed" }]);
  });
});

describe("onRpcBroken", () => {
  test("reports the session's end for a stub, and the failure for a failed promise", async () => {
    class Main extends RpcTarget {
      stub() {
        return new RpcStub(() => 1);
      }
      async fail() {
        throw new Error("failed");
      }
    }
    const { api, clientEnd } = pair(new Main());
    const heard: string[] = [];
    const stub = (await api.stub()) as any;
    stub.onRpcBroken((error: Error) => heard.push(`stub: ${error.message}`));
    const failing = api.fail();
    failing.onRpcBroken((error: Error) => heard.push(`promise: ${error.message}`));
    await failure(failing);
    expect(heard).toEqual(["promise: failed"]);
    clientEnd.receiver.close(new Error("cut"));
    expect(heard).toEqual(["promise: failed", "stub: cut"]);
  });

  test("may register a callback twice, and unregisters idempotently", () => {
    const { api, clientEnd } = pair(new RpcTarget());
    const heard: string[] = [];
    const listener = () => heard.push("heard");
    api.onRpcBroken(listener);
    const unregister = api.onRpcBroken(listener);
    const another = api.onRpcBroken(listener);
    unregister();
    unregister();
    clientEnd.receiver.close(new Error("cut"));
    another();
    expect(heard).toEqual(["heard", "heard"]);
  });

  test("keeps nothing alive", async () => {
    const resources = new Resources();
    class Main extends RpcTarget {
      make() {
        return resources.make("made");
      }
    }
    const { api, isClean } = pair(new Main());
    const stub = (await api.make()) as any;
    stub.onRpcBroken(() => {});
    stub[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["made"]);
    expect(isClean()).toBe(true);
  });

  test("runs when everything else of the session has stopped working", async () => {
    const { api, clientEnd } = pair(new RpcTarget()) as any;
    const seen: unknown[] = [];
    let later: Promise<unknown> | undefined;
    api.onRpcBroken(() => {
      later = failure(api.method());
      seen.push("first");
    });
    api.onRpcBroken(() => seen.push("second"));
    clientEnd.receiver.close(new Error("cut"));
    expect(seen).toEqual(["first", "second"]);
    expect(await later).toMatchObject({ message: "cut" });
  });
});

describe("a session that ends while", () => {
  class Main extends RpcTarget {
    async call(callback: any) {
      return await callback();
    }
    async keep(stub: any) {
      const kept = stub.dup();
      return await kept.use();
    }
  }

  test("a method waits for the caller rejects the method's call, and the process goes on", async () => {
    const outcomes: any[] = [];
    class Waiting extends RpcTarget {
      async wait(callback: any) {
        outcomes.push(await failure(callback()));
      }
    }
    const unhandled = await unhandledRejections(async () => {
      const { api, serverEnd, clientEnd } = pair(new Waiting());
      const call = failure(api.wait(() => new Promise(() => {})));
      await settle();
      serverEnd.receiver.close(new Error("server's end"));
      clientEnd.receiver.close(new Error("client's end"));
      expect((await call).message).toBe("client's end");
    });
    expect(outcomes).toMatchObject([{ message: "server's end" }]);
    expect(unhandled).toEqual([]);
  });

  test("a message is being handled sends nothing afterwards", async () => {
    let end!: () => void;
    class Ending extends RpcTarget {
      end() {
        end();
        return 5;
      }
    }
    const { say, sent, transport } = scripted(new Ending());
    end = () => transport.receiver.close(new Error("cut"));
    say(["push", ["pipeline", 0, ["end"], []]]);
    say(["pull", 1]);
    await settle();
    expect(sent).toEqual([]);
  });

  test("another session holds its stubs breaks them there, and that session goes on", async () => {
    class Origin extends RpcTarget {
      stub() {
        return new RpcStub(() => "origin");
      }
    }
    class Holder extends RpcTarget {
      held: any;
      hold(stub: any) {
        this.held = stub.dup();
      }
      async use() {
        return await this.held();
      }
    }
    const origin = pair(new Origin());
    const holder = pair(new Holder());
    await holder.api.hold(await origin.api.stub());
    expect(await holder.api.use()).toBe("origin");
    origin.clientEnd.receiver.close(new Error("origin is gone"));
    expect((await failure(holder.api.use())).message).toBe("origin is gone");
    expect((await failure((holder.api as any).nope())).message).toMatch(/not a function/);
  });
});

describe("a stream's memory", () => {
  test("is bounded by the window, however much the source has", async () => {
    let pulled = 0;
    const source = new ReadableStream({
      pull(controller) {
        pulled++;
        controller.enqueue("x".repeat(64 * 1024));
      },
    });
    class Main extends RpcTarget {
      hold(_stream: ReadableStream) {
        return new Promise(() => {});
      }
    }
    const { api, clientEnd } = pair(new Main());
    const call = failure(api.hold(source));
    await settle(50);
    // The window of 256 KiB, and the chunks that the streams on the way hold.
    expect(pulled).toBeGreaterThan(2);
    expect(pulled).toBeLessThan(12);
    clientEnd.receiver.close(new Error("cut"));
    await call;
  });

  test("isn't blamed on close(), which reports an earlier write's failure even if that came late", async () => {
    class Main extends RpcTarget {
      sink() {
        let written = 0;
        return new WritableStream({
          async write() {
            if (++written === 2) throw new RangeError("the second");
          },
        });
      }
    }
    const { api, isClean } = pair(new Main());
    const writer = ((await api.sink()) as WritableStream).getWriter();
    writer.closed.catch(() => {});
    const writes = [1, 2, 3].map((chunk) => writer.write(chunk).catch(() => {}));
    expect(await failure(writer.close())).toMatchObject({
      name: "RangeError",
      message: "the second",
    });
    await Promise.all(writes);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("includes stubs in chunks until the reader disposes of them", async () => {
    const resources = new Resources();
    const read: any[] = [];
    class Main extends RpcTarget {
      sink() {
        return new WritableStream({ write: (chunk) => void read.push(chunk) });
      }
    }
    const { api } = pair(new Main());
    const writer = ((await api.sink()) as WritableStream).getWriter();
    const stub = new RpcStub(resources.make("chunk")) as any;
    await writer.write({ stub });
    await writer.close();
    stub[Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual([]);
    expect(await read[0].stub.use()).toBe("used chunk");
    read[0][Symbol.dispose]();
    await settle();
    expect(resources.disposed).toEqual(["chunk"]);
  });
});
