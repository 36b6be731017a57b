import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";

class Api extends RpcTarget {
  readonly seen: unknown[] = [];
  add(a: number, b: number) {
    return a + b;
  }
  note(value: unknown) {
    this.seen.push(value);
  }
  slow(value: number) {
    return Promise.resolve(value);
  }
  fail(): never {
    throw new RangeError("no");
  }
  nested() {
    return { a: { b: { add: (x: number) => x + 1 } } };
  }
}

describe("the messages of a call", () => {
  test("are a push and a pull if it is awaited, answered and released once", async () => {
    const { api, clientEnd, serverEnd, isClean } = pair(new Api());
    expect(await api.add(1, 2)).toBe(3);
    await settle();
    expect(clientEnd.sent).toEqual([
      ["push", ["pipeline", 0, ["add"], [1, 2]]],
      ["pull", 1],
      ["release", 1, 1],
    ]);
    expect(serverEnd.sent).toEqual([["resolve", 1, 3]]);
    expect(isClean()).toBe(true);
  });

  test("have no result if it isn't awaited", async () => {
    const main = new Api();
    const { api, serverEnd } = pair(main);
    api.note("x");
    await settle();
    expect(main.seen).toEqual(["x"]);
    expect(serverEnd.sent).toEqual([]);
  });

  test("leave before any answer if three calls depend on each other", async () => {
    const { api, clientEnd } = pair(new Api());
    clientEnd.held = [];
    const result = api.nested().a.b.add(41);
    const done = result.then((value) => value);
    expect(clientEnd.sent.map(([tag]) => tag)).toEqual(["push", "push", "pull"]);
    clientEnd.release();
    expect(await done).toBe(42);
  });

  test("have one pull if its promise is awaited twice", async () => {
    const { api, clientEnd } = pair(new Api());
    const sum = api.add(2, 2);
    expect(await Promise.all([sum, sum])).toEqual([4, 4]);
    expect(clientEnd.sent.filter(([tag]) => tag === "pull")).toHaveLength(1);
  });

  test("are only a release if its pending promise is disposed of, which cancels it", async () => {
    const { api, clientEnd, isClean } = pair(new Api());
    const promise = api.slow(1);
    const result = promise.then(() => "resolved");
    promise[Symbol.dispose]();
    expect(await failure(result)).toMatchObject({
      message: "RPC was canceled because the RpcPromise was disposed.",
      code: "CANCELED",
    });
    await settle();
    expect(clientEnd.sent.at(-1)).toEqual(["release", 1, 1]);
    expect(isClean()).toBe(true);
  });
});

describe("the order of calls", () => {
  test("is kept without waiting: one without promises in its arguments runs before receive() returns", () => {
    const main = new Api();
    const { say } = scripted(main);
    say(["push", ["pipeline", 0, ["note"], ["first"]]]);
    expect(main.seen).toEqual(["first"]);
  });

  test("is that in which they are made on one stub", async () => {
    const main = new Api();
    const { api } = pair(main);
    for (let i = 0; i < 20; i++) api.note(i);
    await settle();
    expect(main.seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test("is kept on a local promise, for calls before and while it settles", async () => {
    const seen: unknown[] = [];
    let promise: any;
    class Target extends RpcTarget {
      note(value: unknown) {
        seen.push(value);
        // Made from inside the first of the waiting calls, and so after all of them.
        if (value === 1) promise.note("from inside");
      }
    }
    promise = new RpcPromise(Promise.resolve(new RpcStub(new Target())));
    promise.note(1);
    promise.note(2);
    promise.note(3);
    await promise;
    await settle();
    promise.note("after");
    await settle();
    expect(seen).toEqual([1, 2, 3, "from inside", "after"]);
  });

  test("is shared by a promise and the stub that it becomes", async () => {
    const seen: number[] = [];
    class Counter extends RpcTarget {
      add(by: number) {
        seen.push(by);
      }
    }
    class Main extends RpcTarget {
      counter() {
        return new Counter();
      }
    }
    const { api } = pair(new Main());
    const promise = api.counter();
    promise.add(1);
    using stub = await promise;
    promise.add(2);
    stub.add(3);
    promise.add(4);
    await settle();
    expect(seen).toEqual([1, 2, 3, 4]);
  });
});

describe("failures of a call", () => {
  test("rejects with the same built-in class as the thrown error", async () => {
    const { api, isClean } = pair(new Api());
    expect(await failure(api.fail())).toBeInstanceOf(RangeError);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("is no unhandled rejection on either side if the call isn't awaited", async () => {
    const { api, isClean } = pair(new Api());
    // Vitest fails a run with unhandled rejections.
    api.fail()[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("is thrown at the call, and nothing is sent, if an argument can't be sent", () => {
    const { api, clientEnd } = pair(new Api());
    expect(() => api.note(new Map())).toThrow(TypeError);
    expect(() => api.note([() => 1, Symbol("s")])).toThrow("Cannot serialize value");
    expect(clientEnd.sent).toEqual([]);
  });

  test("names the path if there is no such method", async () => {
    const { api } = pair(new Api()) as any;
    expect((await failure(api.nope())).message).toBe("'nope' is not a function.");
    expect((await failure(api.nested().a.nope())).message).toBe("'a.nope' is not a function.");
  });
});

describe("a peer's path into a target", () => {
  class Secretive extends RpcTarget {
    instance = "private";
    list = [1];
    get numbers() {
      return [10, 20];
    }
    get record() {
      return { own: 1 };
    }
    get map() {
      return new Map([["size", 1]]);
    }
    method() {}
  }

  test.each([
    ["instance", /instance property/],
    ["list", /instance property/],
  ])("can't reach the instance property %s", async (name, message) => {
    const { api } = pair(new Secretive()) as any;
    expect((await failure(api[name])).message).toMatch(message);
  });

  test.each([
    [["constructor"], ["undefined"]],
    [["__proto__"], ["undefined"]],
    [["toJSON"], ["undefined"]],
    [["numbers", "length"], ["undefined"]],
    [["numbers", -1], ["undefined"]],
    [["numbers", 1.5], ["undefined"]],
    [["numbers", 1], 20],
    [["numbers", "1"], 20],
    [["numbers", "01"], ["undefined"]],
    [["record", "own"], 1],
    [["record", "hasOwnProperty"], ["undefined"]],
    [["method", "name"], "method"],
    [["method", "prototype"], ["undefined"]],
  ])("gives for %j: %j", async (path, expected) => {
    const { say, sent } = scripted(new Secretive());
    say(["push", ["pipeline", 0, path]]);
    say(["pull", 1]);
    await settle();
    expect(sent.at(-1)).toEqual(["resolve", 1, expected]);
  });
});
