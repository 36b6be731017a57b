// E-order and delivery: the time at which each message arrives, and the messages that it precedes.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";

class Log extends RpcTarget {
  readonly seen: unknown[] = [];
  note(value: unknown, ..._rest: unknown[]) {
    this.seen.push(value);
    return value;
  }
  later(value: unknown) {
    return Promise.resolve(value);
  }
  log() {
    return new RpcStub(this);
  }
  logLater() {
    return Promise.resolve(this.log());
  }
  nested() {
    return { log: this.log() };
  }
  never() {
    return new Promise(() => {});
  }
  fail(): never {
    throw new Error("failed");
  }
}

/** A server that notes the messages sent to it, and those seen before `receive()` returned. */
function served() {
  const main = new Log();
  const peer = scripted(main);
  return { main, ...peer };
}

describe("a message is delivered before receive() returns", () => {
  const DELIVERED: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
    ["a call with values", [["push", ["pipeline", 0, ["note"], [1, { a: [[2]] }]]]], [1]],
    ["a call with a stub", [["push", ["pipeline", 0, ["note"], ["s", ["export", -1]]]]], ["s"]],
    [
      "a call with one of our own stubs",
      [["push", ["pipeline", 0, ["note"], ["i", ["import", 0]]]]],
      ["i"],
    ],
    ["a stream's call", [["stream", ["pipeline", 0, ["note"], ["streamed"]]]], ["streamed"]],
    [
      "a call on a call's result that is a stub",
      [
        ["push", ["pipeline", 0, ["log"], []]],
        ["push", ["pipeline", 1, ["note"], ["on the result"]]],
      ],
      ["on the result"],
    ],
    [
      "a call on a part of a call's result",
      [
        ["push", ["pipeline", 0, ["nested"], []]],
        ["push", ["pipeline", 1, ["log", "note"], ["on a part"]]],
      ],
      ["on a part"],
    ],
    [
      "a call inside a value that is pushed",
      [["push", { a: ["pipeline", 0, ["note"], ["inside"]] }]],
      ["inside"],
    ],
  ];

  test.each(DELIVERED)("%s", (_, messages, expected) => {
    const { main, say } = served();
    for (const message of messages) say(message);
    expect(main.seen).toEqual(expected);
  });

  test("for a call on a local stub, before the call returns", () => {
    const main = new Log();
    const stub = new RpcStub(main);
    stub.note(1);
    expect(main.seen).toEqual([1]);
    stub.log().note(2);
    expect(main.seen).toEqual([1, 2]);
  });

  test("for a call on a promise that has resolved", async () => {
    const main = new Log();
    const stub = new RpcStub(main);
    const later = stub.logLater();
    later.note("queued");
    expect(main.seen).toEqual([]);
    await later;
    expect(main.seen).toEqual(["queued"]);
    later.note("at once");
    expect(main.seen).toEqual(["queued", "at once"]);
  });
});

describe("calls on one reference arrive in the order made", () => {
  test("with any arguments other than promises", async () => {
    const { api, isClean } = pair(new Log());
    const log = new Log();
    const target = pair(log);
    for (const value of [1, () => 2, new Date(3), [4], { five: 5 }, new Uint8Array(6), 7n]) {
      target.api.note(value)[Symbol.dispose]();
    }
    await settle();
    expect(log.seen).toHaveLength(7);
    expect(log.seen.map((each) => typeof each)).toEqual([
      "number",
      "function",
      "object",
      "object",
      "object",
      "object",
      "bigint",
    ]);
    expect(target.isClean()).toBe(true);
    api.note(1)[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("through duplicates of the reference", async () => {
    const log = new Log();
    const { api } = pair(log);
    const copy = api.dup();
    const another = copy.dup();
    copy.note(1);
    api.note(2);
    another.note(3);
    copy.note(4);
    await settle();
    expect(log.seen).toEqual([1, 2, 3, 4]);
  });

  test("if some carry a stream, which takes messages of its own", async () => {
    const log = new Log();
    const { api } = pair(log);
    api.note(1);
    api.note(2, new ReadableStream());
    api.note(3);
    await settle();
    expect(log.seen).toEqual([1, 2, 3]);
  });

  test("through a promise of a promise, and the stub that it becomes", async () => {
    const log = new Log();
    const { api } = pair(log);
    const remote = api.logLater();
    const promise = new RpcPromise(Promise.resolve(remote)) as any;
    promise.note(1);
    promise.note(2);
    using stub = await promise;
    stub.note(3);
    promise.note(4);
    await settle();
    expect(log.seen).toEqual([1, 2, 3, 4]);
  });

  test("on a promise that is passed to a third party and called there", async () => {
    const log = new Log();
    class Middle extends RpcTarget {
      async use(target: any) {
        await Promise.all([target.note("a"), target.note("b"), target.note("c")]);
      }
    }
    const origin = pair(log);
    const middle = pair(new Middle());
    await middle.api.use(origin.api.logLater());
    await settle();
    expect(log.seen).toEqual(["a", "b", "c"]);
  });

  test("on a promise while it settles, from inside a call that had waited", async () => {
    const seen: unknown[] = [];
    let promise: any;
    const target = new RpcStub((value: unknown) => {
      seen.push(value);
      if (value === 1) {
        promise("from inside, first");
        promise("from inside, second");
      }
    });
    promise = new RpcPromise(Promise.resolve(target));
    for (const value of [1, 2, 3]) promise(value);
    await promise;
    promise("after");
    expect(seen).toEqual([1, 2, 3, "from inside, first", "from inside, second", "after"]);
  });

  test("while other calls don't answer", async () => {
    const log = new Log();
    const { api } = pair(log);
    const never = failure(api.never());
    expect(await api.note(1)).toBe(1);
    expect(await Promise.race([never, api.note(2)])).toBe(2);
    expect(log.seen).toEqual([1, 2]);
    (api as any)[Symbol.dispose]();
    await never;
  });
});

describe("a call with a promise among its arguments", () => {
  test("waits for the promise alone: calls without one go first", async () => {
    const log = new Log();
    const { api } = pair(log);
    let resolve!: (value: unknown) => void;
    const argument = new RpcPromise(
      new Promise((settled) => {
        resolve = settled;
      }),
    );
    const waiting = api.note(argument);
    await api.note("meanwhile");
    expect(log.seen).toEqual(["meanwhile"]);
    resolve("at last");
    expect(await waiting).toBe("at last");
    expect(log.seen).toEqual(["meanwhile", "at last"]);
  });

  test("needs no further message if the promise is the callee's own", async () => {
    const log = new Log();
    const { api, clientEnd } = pair(log);
    clientEnd.held = [];
    const result = api.note(api.later("result"));
    const done = result.then((value) => value);
    expect(clientEnd.sent.map(([tag]) => tag)).toEqual(["push", "push", "pull"]);
    clientEnd.release();
    expect(await done).toBe("result");
    expect(log.seen).toEqual(["result"]);
  });

  test("isn't made if the promise fails", async () => {
    const log = new Log();
    const { api } = pair(log);
    expect((await failure(api.note("not made", api.fail()))).message).toBe("failed");
    expect(log.seen).toEqual([]);
  });
});

test("results arrive in the order in which they are ready, not in that of the calls", async () => {
  const waiting: ((value: string) => void)[] = [];
  class Main extends RpcTarget {
    ask() {
      return new Promise<string>((resolve) => waiting.push(resolve));
    }
  }
  const { api } = pair(new Main());
  const arrived: string[] = [];
  const calls = [api.ask(), api.ask()].map((call) => call.then((value) => arrived.push(value)));
  await settle();
  waiting[1]!("second");
  await settle();
  waiting[0]!("first");
  await Promise.all(calls);
  expect(arrived).toEqual(["second", "first"]);
});
