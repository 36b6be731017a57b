// onRpcBroken: which listeners are called at the end, in which order, and which no longer are.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class Thing extends RpcTarget {}
class Api extends RpcTarget {
  thing() {
    return new Thing();
  }
  inside() {
    return { thing: new Thing(), later: new Promise(() => {}) };
  }
  never() {
    return new Promise(() => {});
  }
  fails() {
    throw new Error("refused");
  }
}

function listening() {
  const { api, clientEnd, client } = pair(new Api());
  const heard: string[] = [];
  return {
    api: api as any,
    client,
    clientEnd,
    heard,
    on: (stub: any, name: string) => stub.onRpcBroken(() => heard.push(name)),
    cut: () => clientEnd.receiver.close(new Error("cut")),
  };
}

test("onRpcBroken of a stub used after its call calls back at once, and doesn't throw", async () => {
  const heard: unknown[] = [];
  let kept: any;
  class Keeper extends RpcTarget {
    take(stub: unknown) {
      kept = stub;
    }
  }
  const { api } = pair(new Keeper());
  await (api as any).take(new Thing());
  await settle();
  kept.onRpcBroken((error: unknown) => heard.push(error));
  expect(heard).toEqual([expect.objectContaining({ code: "DISPOSED" })]);
});

describe("onRpcBroken at the end of a session", () => {
  test("calls back in order of registration, on whatever it was registered", async () => {
    const { api, heard, on, cut } = listening();
    const pending = api.never();
    const promise = api.thing();
    const local = new RpcPromise(Promise.resolve(api.dup()));
    on(api, "main");
    on(promise, "promise");
    on(local, "local promise");
    on(pending, "pending");
    const stub = await promise;
    on(stub, "stub");
    on(promise, "promise, there");
    on(api.property, "property");
    on(stub.dup(), "duplicate");
    on(api, "main again");
    await settle();
    cut();
    expect(heard).toEqual([
      "main",
      "promise",
      "local promise",
      "pending",
      "stub",
      "promise, there",
      "property",
      "duplicate",
      "main again",
    ]);
  });

  test("also calls back if disposing of the main stub is the end", () => {
    const { api, heard, on } = listening();
    const promise = api.never();
    on(api, "main");
    on(promise, "promise");
    api[Symbol.dispose]();
    expect(heard).toEqual(["main", "promise"]);
  });

  test("asks nothing of the peer for a property", async () => {
    const { api, client, clientEnd, on } = listening();
    on(api.some.property, "property");
    await settle();
    expect(clientEnd.sent).toEqual([]);
    expect(client.getStats().imports).toBe(1);
  });

  test("calls a callback that another callback registers", () => {
    const { api, heard, on, cut } = listening();
    api.onRpcBroken(() => on(api, "meanwhile"));
    cut();
    expect(heard).toEqual(["meanwhile"]);
  });
});

describe("onRpcBroken isn't called after the stub or promise was given up", () => {
  test("for a stub, but for its duplicate", async () => {
    const { api, heard, on, cut } = listening();
    const stub = await api.thing();
    const duplicate = stub.dup();
    on(stub, "stub");
    on(duplicate, "duplicate");
    stub[Symbol.dispose]();
    cut();
    expect(heard).toEqual(["duplicate"]);
  });

  test("for a stub in a result that was disposed of", async () => {
    class Results extends RpcTarget {
      get() {
        return { thing: new Thing() };
      }
    }
    const { api, clientEnd } = pair(new Results());
    const heard: string[] = [];
    const result = (await api.get()) as any;
    result.thing.onRpcBroken(() => heard.push("stub"));
    result[Symbol.dispose]();
    clientEnd.receiver.close(new Error("cut"));
    expect(heard).toEqual([]);
  });

  test("for a stub that was an argument, after the call", async () => {
    const heard: string[] = [];
    class Main extends RpcTarget {
      take(stub: any) {
        stub.onRpcBroken(() => heard.push("argument"));
        stub.dup().onRpcBroken(() => heard.push("kept"));
      }
    }
    const { api, serverEnd } = pair(new Main());
    await api.take(new Thing());
    serverEnd.receiver.close(new Error("cut"));
    expect(heard).toEqual(["kept"]);
  });

  test.each([
    ["a promise that is pending", (api: any) => api.never()],
    ["a promise of this side", () => new RpcPromise(new Promise(() => {}))],
  ])("%s", async (_, make) => {
    const { api, heard, on, cut } = listening();
    const promise = make(api) as any;
    on(promise, "promise");
    promise[Symbol.dispose]();
    await settle();
    cut();
    await settle();
    expect(heard).toEqual([]);
  });
});

test("onRpcBroken of a rejected promise calls back at once, and not again at the end", async () => {
  const { api, heard, on, cut } = listening();
  const promise = api.fails();
  on(promise, "promise");
  await failure(promise);
  expect(heard).toEqual(["promise"]);
  cut();
  expect(heard).toEqual(["promise"]);
});

test("onRpcBroken returns a function that unregisters, and that can be disposed of", () => {
  const { api, heard, on, cut } = listening();
  const first = on(api, "first");
  const second = on(api, "second");
  on(api, "third");
  first();
  first();
  second[Symbol.dispose]();
  cut();
  expect(heard).toEqual(["third"]);
});
