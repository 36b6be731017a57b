import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { unhandledRejections } from "./support/unhandled.ts";

class Counter extends RpcTarget {
  disposed = 0;
  next() {
    return 1;
  }
  [Symbol.dispose]() {
    this.disposed++;
  }
}

class Api extends RpcTarget {
  readonly shared = new RpcStub(new Counter());
  echo(value: any) {
    return value;
  }
  get late(): any {
    return Promise.resolve({ five: 5, add: (a: number) => a + 1, list: [1, 2] });
  }
  get lateStub(): any {
    return Promise.resolve(this.shared);
  }
  get never(): any {
    return Promise.reject(new Error("no getter"));
  }
  nested(): any {
    return { now: 1, later: Promise.resolve([2, Promise.resolve({ three: 3 })]) };
  }
  failing(): any {
    return {
      part: Promise.reject(new Error("no part")),
      rest: [Promise.reject(new Error("none"))],
    };
  }
  async failingLater() {
    return this.failing();
  }
  counter(): any {
    return { counter: Promise.resolve(new Counter()) };
  }
  nestedCounter(): any {
    return [Promise.resolve({ counter: Promise.resolve(this.last) })];
  }
  readonly last = new Counter();
  async use(f: any) {
    return f.next();
  }
  async give(f: any) {
    return { ...(await f()) };
  }
  chunks(): any {
    return new ReadableStream({
      start(controller) {
        controller.enqueue({ part: Promise.resolve(1) });
        controller.enqueue(Promise.resolve(2));
        controller.close();
      },
    });
  }
}

/** Promises of another realm, and of a class of the application's own. */
class Own<T> extends Promise<T> {}
const foreign = () => runInNewContext("Promise.resolve(7)");

describe.each([{ announce: false }, { announce: true }])("native promises, %o", (options) => {
  const connect = () => pair(new Api(), { client: options, server: options });

  test("travel as arguments, and inside them", async () => {
    const { api, isClean } = connect();
    expect(await api.echo(Promise.resolve(2))).toBe(2);
    const result = await api.echo([1, { deep: Promise.resolve({ a: Promise.resolve([3]) }) }]);
    expect(result).toEqual([1, { deep: { a: [3] } }]);
    result[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("may be of other realms and classes", async () => {
    const { api } = connect();
    expect(await api.echo([foreign(), Own.resolve(8)])).toEqual([7, 8]);
  });

  test("travel in results, those of getters included", async () => {
    const { api, isClean } = connect();
    const nested = await api.nested();
    expect(nested).toEqual({ now: 1, later: [2, { three: 3 }] });
    const late = await api.late;
    expect(late.five).toBe(5);
    nested[Symbol.dispose]();
    late[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("can be pipelined through, called and mapped", async () => {
    const { api } = connect();
    expect(await api.late.five).toBe(5);
    expect(await api.late.add(2)).toBe(3);
    expect(await api.late.list.map((n: any) => api.echo(n))).toEqual([1, 2]);
    expect(await api.nested().later[1].three).toBe(3);
  });

  test("of a getter stay their object's, and only lend their stubs", async () => {
    const main = new Api();
    const { api } = pair(main, { client: options, server: options });
    for (let i = 0; i < 2; i++) {
      const stub = await api.lateStub;
      expect(await stub.next()).toBe(1);
      stub[Symbol.dispose]();
      expect(await api.lateStub.next()).toBe(1);
    }
    await settle();
    expect(await main.shared.next()).toBe(1);
  });

  test("in arguments leave their stubs to the caller", async () => {
    const { api } = connect();
    const counter = new Counter();
    const stub = new RpcStub(counter);
    expect(await api.use(Promise.resolve(stub))).toBe(1);
    await settle();
    expect(counter.disposed).toBe(0);
    expect(await stub.next()).toBe(1);
    stub[Symbol.dispose]();
    expect(counter.disposed).toBe(1);
  });

  test("in results hand over their targets", async () => {
    const { api, isClean } = connect();
    const result = await api.counter();
    expect(await result.counter.next()).toBe(1);
    result[Symbol.dispose]();
    await settle();
    expect(isClean()).toBe(true);
  });

  test("in results that are called through hand over their targets once", async () => {
    const main = new Api();
    const { api, isClean } = pair(main, { client: options, server: options });
    const result = api.nestedCounter();
    expect(await result[0].counter.next()).toBe(1);
    expect(await result[0].counter.next()).toBe(1);
    expect(main.last.disposed).toBe(0);
    result[Symbol.dispose]();
    await settle();
    expect(main.last.disposed).toBe(1);
    expect(isClean()).toBe(true);
  });

  test("travel in callbacks' results and in chunks", async () => {
    const { api } = connect();
    expect(await api.give(() => ({ a: Promise.resolve(1) }))).toEqual({ a: 1 });
    const chunks = [];
    for await (const chunk of await api.chunks()) chunks.push(chunk);
    expect(chunks).toEqual([{ part: 1 }, 2]);
  });

  test("fail the value that they are a part of", async () => {
    const { api } = connect();
    const rejected = () => Promise.reject(new RangeError("no"));
    expect(await failure(api.echo(rejected()))).toBeInstanceOf(RangeError);
    expect(await failure(api.echo([{ a: rejected() }]))).toMatchObject({ message: "no" });
    expect(await failure(api.never)).toMatchObject({ message: "no getter" });
    expect(await failure(api.never.deeper)).toMatchObject({ message: "no getter" });
    expect(await failure(api.failing())).toMatchObject({ message: "no part" });
  });

  test("are never unhandled, whether or not anything asks for them", async () => {
    const { api, client, clientEnd } = connect();
    const local = new RpcStub(new Api()) as any;
    const unhandled = await unhandledRejections(async () => {
      void api.failing();
      void api.failingLater();
      void api.never.deeper;
      void local.failing();
      void local.failingLater();
      // Parts of a peer's messages, and of a map()'s results.
      clientEnd.peer.receiver.receive('["push",[[["pipeline",0,["failing"],[]]]]]');
      clientEnd.peer.receiver.receive('["push",[[["import",0,["failingLater"],[]]]]]');
      void api.late.list.map(() => [api.failing()]);
      expect(() => api.echo([Promise.reject(new Error("beside")), Symbol("bad")])).toThrow(
        /symbol/,
      );
      void api.echo(Promise.reject(new Error("argument")));
      await settle();
      client.getRemoteMain()[Symbol.dispose]();
      void api.echo(Promise.reject(new Error("after the end")));
    });
    expect(unhandled).toEqual([]);
  });
});

describe("native promises without a session", () => {
  test("are followed by local stubs and promises", async () => {
    const stub = new RpcStub(new Api()) as any;
    expect(await stub.late.five).toBe(5);
    expect(await stub.nested()).toEqual({ now: 1, later: [2, { three: 3 }] });
    expect(await new RpcPromise(Promise.resolve({ a: Promise.resolve(1) }))).toEqual({ a: 1 });
  });
});

describe("an object with only a then() method", () => {
  test("isn't awaited in a value, and the error gives the remedy", async () => {
    class Query {
      then() {
        throw new Error("The query ran.");
      }
    }
    const { api } = pair(new Api());
    expect(() => api.echo([new Query()])).toThrow(/arguments\[0\]\[0\]: Query.*Await it first/);
  });

  test("isn't a promise because it claims to be", async () => {
    const fake = { [Symbol.toStringTag]: "Promise", a: 1 };
    const { api } = pair(new Api());
    expect(await api.echo(fake)).toEqual({ a: 1 });
    expect(await failure(api.echo(Object.create(Promise.prototype)))).toBeInstanceOf(TypeError);
  });
});

describe("rejections in a result whose call the peer has released", () => {
  class Failing extends RpcTarget {
    never() {
      return new Promise<never>(() => {});
    }
    failing() {
      return { part: Promise.reject(new Error("no part")), list: [Promise.reject("none")] };
    }
    async failingLater() {
      await null;
      return this.failing();
    }
    keep(value: any) {
      value.dup();
    }
  }

  // Each holds another reference to the result, which nothing asks for.
  const REFERENCES: Record<string, unknown> = {
    "a stub in a value": ["push", [[["import", 1]]]],
    "a promise in a value": ["push", [[["pipeline", 1]]]],
    "an argument that is kept": ["push", ["pipeline", 0, ["keep"], [["import", 1]]]],
    "an argument of a call that waits": ["push", ["pipeline", 2, ["use"], [["import", 1]]]],
    "a capture of a map() that waits": ["push", ["remap", 2, [], [["import", 1]], [null]]],
    "the result itself": ["push", ["import", 1]],
  };

  describe.each(["failing", "failingLater"])("of %s()", (method) => {
    test.each(Object.entries(REFERENCES))("are handled: %s", async (_name, message) => {
      for (const ends of [false, true]) {
        const { say, ended, transport } = scripted(new Failing());
        const unhandled = await unhandledRejections(() => {
          say(["push", ["pipeline", 0, [method], []]]);
          say(["push", ["pipeline", 0, ["never"], []]]);
          say(message);
          if (ends) transport.receiver.close(new Error("gone"));
          else say(["release", 1, 1]);
        });
        expect(unhandled).toEqual([]);
        if (!ends) expect(ended).toEqual({});
      }
    });
  });
});
