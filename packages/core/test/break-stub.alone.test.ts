// breakStub(): one capability dies, its holders hear of it, the session goes on.
import { describe, expect, test, vi } from "vitest";
import { breakStub, RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class Document extends RpcTarget {
  disposed = 0;
  readonly #name: string;
  constructor(name = "a") {
    super();
    this.#name = name;
  }
  get name() {
    return this.#name;
  }
  read() {
    return this.#name;
  }
  list() {
    return [1, 2];
  }
  [Symbol.dispose]() {
    this.disposed++;
  }
}

class Api extends RpcTarget {
  readonly #documents: Document[];
  kept: any;
  constructor(...documents: Document[]) {
    super();
    this.#documents = documents;
  }
  get inner() {
    return this.#documents[0];
  }
  open(index = 0) {
    return this.#documents[index];
  }
  openMany(count: number) {
    return Array.from({ length: count }, () => this.#documents[0]);
  }
  async openLater() {
    await null;
    return this.#documents[0];
  }
  wrapped() {
    return { document: this.#documents[0] };
  }
  callback() {
    return callback;
  }
  ping() {
    return "pong";
  }
  keep(stub: any) {
    this.kept = stub.dup();
  }
  callKept(...args: unknown[]) {
    return this.kept(...args);
  }
}

function callback() {
  return "called";
}

const gone = () => new Error("deleted");

function heardBy(stub: any): any[] {
  const heard: any[] = [];
  stub.onRpcBroken((error: unknown) => heard.push(error));
  return heard;
}

function started(options = {}) {
  const document = new Document();
  const other = new Document("b");
  const main = new Api(document, other);
  return { document, other, main, ...pair(main, options) };
}

describe("breakStub on a target that a peer has a stub of", () => {
  test("tells the holder, rejects calls, disposes of the target, and leaves the session alive", async () => {
    const { document, api, isClean, serverEnd } = started();
    const stub: any = await api.open();
    const other: any = await api.open(1);
    const heard = heardBy(stub);
    breakStub(document, gone());
    await settle();
    expect(heard).toEqual([gone()]);
    expect(document.disposed).toBe(1);
    expect(await failure(stub.read())).toMatchObject({ message: "deleted" });
    expect(await failure(stub.name)).toMatchObject({ message: "deleted" });
    expect(await failure(stub.list().map((n: any) => n))).toMatchObject({ message: "deleted" });
    expect(heardBy(stub)).toEqual([gone()]);
    expect(await other.read()).toBe("b");
    expect(await api.ping()).toBe("pong");
    other[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
    expect(serverEnd.sent.filter(([tag]) => tag === "reject")).toEqual([
      ["reject", -1, ["error", "Error", "deleted"]],
    ]);
  });

  test("breaks every stub of it in every session, and tells each once", async () => {
    const document = new Document();
    const main = new Api(document);
    const first = pair(main);
    const second = pair(main);
    const stubs = [await first.api.open(), await first.api.open(), await second.api.open()];
    const heard = stubs.map(heardBy);
    breakStub(document, gone());
    breakStub(document, new Error("a second time"));
    await settle();
    expect(heard).toEqual([[gone()], [gone()], [gone()]]);
    expect(document.disposed).toBe(3);
    expect([first.isClean(), second.isClean()]).toEqual([true, true]);
  });

  test("lets a running call go on, and fails one in flight", async () => {
    const { document, api, isClean } = started();
    let finish!: (value: string) => void;
    (document as any).constructor.prototype.slow = () =>
      new Promise<string>((resolve) => {
        finish = resolve;
      });
    const stub: any = await api.open();
    const running = stub.slow();
    const outcome = running.then((value: string) => value);
    await settle();
    breakStub(document, gone());
    const late = failure(stub.read());
    finish("done");
    expect(await outcome).toBe("done");
    expect(await late).toMatchObject({ message: "deleted" });
    await settle();
    expect(isClean()).toBe(true);
  });

  test("tells promises that were never awaited, which may be awaited later", async () => {
    const { document, api, isClean } = started();
    const promise: any = api.open();
    const later: any = api.openLater();
    const heard = [heardBy(promise), heardBy(later)];
    await settle();
    breakStub(document, gone());
    await settle();
    expect(heard).toEqual([[gone()], [gone()]]);
    expect(await failure(promise)).toMatchObject({ message: "deleted" });
    expect(await failure(later.read())).toMatchObject({ message: "deleted" });
    await settle();
    expect(isClean()).toBe(true);
  });

  test("breaks a stub in an object, and one that a getter returned", async () => {
    const { document, api } = started();
    const { document: stub }: any = await api.wrapped();
    const inner: any = await (api as any).inner;
    const heard = [heardBy(stub), heardBy(inner)];
    breakStub(document, gone());
    await settle();
    expect(heard).toEqual([[gone()], [gone()]]);
    expect(await failure((api as any).inner.read())).toMatchObject({ message: "deleted" });
  });

  test("breaks a stub that is given away later, and tells its holder", async () => {
    const { document, api, isClean } = started();
    breakStub(document, gone());
    await settle();
    const stub: any = await api.open();
    const heard = heardBy(stub);
    expect(await failure(stub.read())).toMatchObject({ message: "deleted" });
    await settle();
    expect(heard).toEqual([gone()]);
    stub[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("breaks a function that was passed as an argument", async () => {
    const { api, main, isClean } = started();
    const own = () => "mine";
    await (api as any).keep(own);
    const heard = heardBy(main.kept);
    expect(await (api as any).callKept()).toBe("mine");
    breakStub(own, gone());
    await settle();
    expect(heard).toEqual([gone()]);
    expect(await failure((api as any).callKept())).toMatchObject({ message: "deleted" });
    main.kept[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("works with extensions announced, and with trees as messages", async () => {
    for (const level of ["string", "structuredClonable"] as const) {
      const announce = { announce: true };
      const { document, api } = started({ level, client: announce, server: announce });
      await api.ping();
      const stub: any = await api.open();
      const heard = heardBy(stub);
      breakStub(document, gone());
      await settle();
      expect(heard).toEqual([gone()]);
    }
  });

  test("passes the error through onSendError, and tells the holder even if that throws", async () => {
    const onSendError = vi.fn(() => {
      throw new Error("mine");
    });
    const { document, api } = started({ server: { onSendError, onError: () => {} } });
    const heard = heardBy(await api.open());
    breakStub(document, gone());
    await settle();
    expect(onSendError).toHaveBeenCalledWith(gone());
    expect(heard).toHaveLength(1);
  });

  test("reports a disposer that throws, and tells the holder all the same", async () => {
    class Throwing extends Document {
      override [Symbol.dispose]() {
        throw new Error("mine");
      }
    }
    const onError = vi.fn();
    const document = new Throwing();
    const { api } = pair(new Api(document), { server: { onError } });
    const heard = heardBy(await api.open());
    vi.spyOn(console, "error").mockImplementation(() => {});
    breakStub(document, gone());
    await settle();
    expect(heard).toEqual([gone()]);
    vi.restoreAllMocks();
  });
});

describe("breakStub on a stub of this process", () => {
  test("breaks only what was made from that stub, wherever it is", async () => {
    const document = new Document();
    const first: any = new RpcStub(document);
    const second: any = new RpcStub(document);
    class Main extends RpcTarget {
      get(which: number) {
        return (which === 1 ? first : second).dup();
      }
    }
    const { api } = pair(new Main());
    const remote: any = [await (api as any).get(1), await (api as any).get(2)];
    const copy = first.dup();
    const heard = [first, copy, remote[0], second, remote[1]].map(heardBy);
    breakStub(first, gone());
    await settle();
    expect(heard.map((each) => each.length)).toEqual([1, 1, 1, 0, 0]);
    expect(await failure(first.read())).toMatchObject({ message: "deleted" });
    expect(await failure(copy.read())).toMatchObject({ message: "deleted" });
    expect(await failure(remote[0].read())).toMatchObject({ message: "deleted" });
    expect([await second.read(), await remote[1].read()]).toEqual(["a", "a"]);
    expect(document.disposed).toBe(0);
    first[Symbol.dispose]();
    copy[Symbol.dispose]();
    expect(document.disposed).toBe(1);
  });

  test("calls the listeners of stubs of a broken target at once, in order", async () => {
    const document = new Document();
    const stub: any = new RpcStub(document);
    const promise: any = new RpcPromise(Promise.resolve(stub.dup()));
    await promise;
    const order: string[] = [];
    promise.onRpcBroken(() => order.push("promise"));
    stub.onRpcBroken(() => order.push("stub"));
    const stop = stub.onRpcBroken(() => order.push("stopped"));
    stub.onRpcBroken(() => {
      throw new Error("mine");
    });
    stub.onRpcBroken(() => order.push("last"));
    stop();
    const reported = vi.spyOn(console, "error").mockImplementation(() => {});
    breakStub(document, gone());
    expect(order).toEqual(["promise", "stub", "last"]);
    expect(reported).toHaveBeenCalledOnce();
    reported.mockRestore();
    expect(await failure(stub.read())).toMatchObject({ message: "deleted" });
    expect(await failure(new RpcStub(document).read())).toMatchObject({ message: "deleted" });
  });

  test("doesn't call a listener of a stub that was disposed of", () => {
    const document = new Document();
    const stub: any = new RpcStub(document);
    const heard = heardBy(stub);
    stub[Symbol.dispose]();
    breakStub(document, gone());
    expect(heard).toEqual([]);
  });

  test("breaks a result that is a target along with it", async () => {
    const document = new Document();
    const promise: any = (new RpcStub(new Api(document)) as any).open();
    const heard = heardBy(promise);
    breakStub(document, gone());
    expect(heard).toEqual([gone()]);
    expect(await failure(promise.read())).toMatchObject({ message: "deleted" });
  });
});

describe("breakStub on a stub of a peer's capability", () => {
  test("breaks it here, releases it there, and tells those it was passed on to", async () => {
    const { document, api } = started();
    const stub: any = await api.open();
    class Gateway extends RpcTarget {
      get() {
        return stub.dup();
      }
    }
    const gateway = pair(new Gateway());
    const onward: any = await gateway.api.get();
    const heard = [heardBy(stub), heardBy(onward)];
    breakStub(stub, gone());
    await settle();
    expect(heard).toEqual([[gone()], [gone()]]);
    expect(document.disposed).toBe(1);
    expect(await failure(stub.read())).toMatchObject({ message: "deleted" });
    expect(await failure(onward.read())).toMatchObject({ message: "deleted" });
    await settle();
    expect(gateway.isClean()).toBe(true);
    expect(await api.ping()).toBe("pong");
  });

  test("is noticed by a holder behind a gateway at the next call", async () => {
    const { document, api } = started();
    const stub: any = await api.open();
    class Gateway extends RpcTarget {
      get() {
        return stub.dup();
      }
    }
    const onward: any = await pair(new Gateway()).api.get();
    breakStub(document, gone());
    await settle();
    expect(await failure(onward.read())).toMatchObject({ message: "deleted" });
  });
});

test("breakStub throws a TypeError with the reason for a value that can't be broken", () => {
  const { api } = started();
  const pending: any = new RpcPromise(new Promise(() => {}));
  for (const [target, words] of [
    [api, "main stub"],
    [(api as any).inner, "property of a stub"],
    [pending, "hasn't settled"],
    ["text", "a string"],
    [null, "null"],
    [undefined, "undefined"],
    [{ name: "plain" }, "an instance of Object"],
    [[new Document()], "an instance of Array"],
    [new Date(), "an instance of Date"],
    [Promise.resolve(new Document()), "an instance of Promise"],
    [new WritableStream(), "an instance of WritableStream"],
  ] as const) {
    expect(() => breakStub(target as any, gone())).toThrow(words);
    expect(() => breakStub(target as any, gone())).toThrow(TypeError);
  }
});

test("breakStub lets other work have its turn while it tells of a target that is held often", async () => {
  const { document, api, server, serverEnd } = started();
  const count = 15_000;
  const held = (await (api as any).openMany(count)) as any[];
  expect(server.getStats().exports).toBeGreaterThan(count);
  breakStub(document, gone());
  await new Promise((resolve) => setImmediate(resolve));
  const told = () => serverEnd.sent.filter(([tag]) => tag === "reject").length;
  expect(told()).toBeLessThan(count);
  // The last of them isn't known to be broken yet.
  expect(await failure(held.at(-1).read())).toEqual(gone());
  expect(await api.ping()).toBe("pong");
  while (told() < count) await settle();
  await settle();
  expect(server.getStats().exports).toBe(1);
});

test("breakStub tells nothing to a session that ended before its turn", async () => {
  const { document, api, serverEnd } = started();
  const heard = heardBy(await api.open());
  breakStub(document, gone());
  api[Symbol.dispose]();
  await settle();
  expect(heard).toEqual([expect.objectContaining({ code: "SESSION_DISPOSED" })]);
  expect(serverEnd.sent.some(([tag]) => tag === "reject")).toBe(false);
});

test("breakStub takes any value as the error, and replaces one that can't be sent", async () => {
  const { document, other, api } = started();
  const heard = [heardBy(await api.open()), heardBy(await api.open(1))];
  breakStub(document, undefined);
  breakStub(other, new Map());
  await settle();
  expect(heard[0]).toEqual([undefined]);
  expect(heard[1]).toEqual([expect.objectContaining({ message: expect.stringContaining("Map") })]);
});
