// Runtimes without some components, in both directions, against sessions that have all of them.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcSession, RpcStub, RpcTarget, valueType } from "../src/index.ts";
import {
  createRpc,
  documents,
  extensions,
  fetchValues,
  forgottenStubs,
  MissingComponentError,
  RpcTarget as ModularTarget,
  maps,
  memoryLimits,
  placesInErrors,
  type RpcSessionOptions,
  streams,
} from "../src/modular/index.ts";
import { failure } from "./support/failure.ts";
import { connectEnds } from "./support/memory-end.ts";
import { settle } from "./support/pair.ts";
import { unhandledRejections } from "./support/unhandled.ts";

/** A value of a type of the application. */
class Price {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}

const price = valueType<Price, [cents: number]>({
  tag: "modular:price",
  class: Price,
  operands: [(value): value is number => typeof value === "number"],
  encode: ({ cents }) => [cents],
  decode: ([cents]) => new Price(cents),
});

type AnyFunction = (...args: any[]) => any;

/** Makes, keeps and returns values, and calls the functions that it gets. */
class Api extends RpcTarget {
  readonly canceled: string[] = [];
  add(a: number, b: number) {
    return a + b;
  }
  echo(value: unknown) {
    return value;
  }
  counter() {
    return new Counter();
  }
  async flood(callback: AnyFunction) {
    await Promise.all(Array.from({ length: 200 }, () => callback("x".repeat(1_000))));
  }
  ignore(callback: AnyFunction) {
    callback();
  }
  /** Calls a function, and says what came of it. */
  async use(callback: AnyFunction, make?: string) {
    const args = make ? [this.make(make)] : [];
    try {
      const result = await callback(...args);
      return { kind: Object.prototype.toString.call(result) };
    } catch (error) {
      return { error: (error as Error).message };
    }
  }
  async mapOver(callback: AnyFunction) {
    using list = callback();
    return await failureOf(list.map((each: unknown) => ({ each })));
  }
  records(count: number) {
    return Array.from({ length: count }, (_, id) => ({ id, name: `n${id}`, tags: [id] }));
  }
  make(kind: string): unknown {
    const cancel = (reason: Error) => void this.canceled.push(reason.message);
    const body = new ReadableStream({ cancel });
    switch (kind) {
      case "ReadableStream":
        return body;
      case "WritableStream":
        return new WritableStream({ abort: cancel });
      case "Response":
        return new Response(body);
      default:
        return VALUES[kind]!.value();
    }
  }
  nested(kind: string) {
    return { list: [{ value: this.make(kind) }] };
  }
}

class Counter extends RpcTarget {
  #count = 0;
  increment() {
    return ++this.#count;
  }
}

/** The values that need a component, by kind. */
const VALUES: Readonly<Record<string, { readonly needs: string; value(): object }>> = {
  ReadableStream: { needs: "streams", value: () => new ReadableStream() },
  WritableStream: { needs: "streams", value: () => new WritableStream() },
  Blob: { needs: "fetchValues", value: () => new Blob(["abc"]) },
  Headers: { needs: "fetchValues", value: () => new Headers({ a: "1", date: "2", readable: "3" }) },
  Request: { needs: "fetchValues", value: () => new Request("http://x/") },
  Response: { needs: "fetchValues", value: () => new Response("abc") },
};
const KINDS = Object.entries(VALUES).map(([kind, { needs }]) => ({ kind, needs }));

const failureOf = async (promise: PromiseLike<unknown>) => (await failure(promise)).message;
const remedy = (component: string) => `import { ${component} } from "@capnweb/core/modular"`;

/** A client of some components, and a server that has everything. */
function connect(rpc = createRpc(), options: RpcSessionOptions = {}, isBinary = true) {
  const [clientEnd, serverEnd] = connectEnds({ isBinary });
  const main = new Api();
  const server = new RpcSession<any>(serverEnd, main);
  const client = rpc.newSession<any>(clientEnd, undefined, options);
  return {
    main,
    api: client.getRemoteMain(),
    clientEnd,
    serverEnd,
    /** Checks that the session goes on, and holds nothing for the failed call. */
    async expectAlive() {
      expect(await client.getRemoteMain().add(2, 3)).toBe(5);
      await settle(20);
      expect(client.getStats()).toEqual({ imports: 1, exports: 1 });
      expect(server.getStats()).toEqual({ imports: 1, exports: 1 });
    },
  };
}

describe("a runtime without components", () => {
  test("has calls, callbacks, pipelines and plain data", async () => {
    const { api, clientEnd, expectAlive } = connect();
    const counter = api.counter();
    expect(await Promise.all([counter.increment(), counter.increment()])).toEqual([1, 2]);
    counter[Symbol.dispose]();
    expect(await api.use(async () => 1)).toEqual({ kind: "[object Number]" });
    const data = { date: new Date(0), big: 1n, url: new URL("http://x/"), list: [undefined] };
    expect(await api.echo(data)).toEqual(data);
    expect([...(await api.echo(new Uint8Array([1, 2])))]).toEqual([1, 2]);
    expect((await failure(api.add.missing())).message).toMatch(/not a function/);
    await expectAlive();
    // The published protocol, and nothing else.
    expect(clientEnd.frames.every((frame) => typeof frame === "string")).toBe(true);
    expect(clientEnd.sent.some(([tag]) => tag === "reject" || tag === "stream")).toBe(false);
  });

  test("gets lists of records from a peer that knows documents", async () => {
    const { api, main, serverEnd } = connect();
    expect(await api.records(40)).toEqual(main.records(40));
    expect(JSON.stringify(serverEnd.sent)).not.toContain('["table",');
  });

  test.each(KINDS)("fails a call with a $kind, and goes on", async ({ kind, needs }) => {
    const { api, expectAlive } = connect();
    const error = await failure(api.echo({ list: [VALUES[kind]!.value()] }));
    expect(error).toBeInstanceOf(MissingComponentError);
    expect(error).toMatchObject({ code: "MISSING_COMPONENT" });
    expect(error.message).toContain(kind);
    expect(error.message).toContain(remedy(needs));
    await expectAlive();
  });

  test.each(KINDS)("fails a call whose result is a $kind", async ({ kind, needs }) => {
    const { api, expectAlive } = connect();
    for (const call of [api.make(kind), api.nested(kind)]) {
      const error = await failure(call);
      expect(error).toMatchObject({ code: "MISSING_COMPONENT" });
      expect(error.message).toContain(remedy(needs));
    }
    await expectAlive();
  });

  test.each(KINDS)("fails a call of the peer with a $kind", async ({ kind, needs }) => {
    const { api, expectAlive } = connect();
    let calls = 0;
    const { error } = await api.use(() => calls++, kind);
    expect(error).toContain(remedy(needs));
    expect(calls).toBe(0);
    await expectAlive();
  });

  test.each(KINDS)("fails a call of the peer that returns a $kind", async ({ kind, needs }) => {
    const { api, expectAlive } = connect();
    const { error } = await api.use(() => VALUES[kind]!.value());
    expect(error).toContain(remedy(needs));
    await expectAlive();
  });

  test.each(["ReadableStream", "WritableStream", "Response"])(
    "has the peer end the source of a %s",
    async (kind) => {
      const { api, main } = connect();
      await failure(api.make(kind));
      await settle();
      expect(main.canceled).toHaveLength(1);
    },
  );

  test("fails a call whose result is nested deeper than any value of its kind", async () => {
    const { api, clientEnd } = connect();
    const result = api.make("Headers");
    const failed = failureOf(result);
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    clientEnd.receiver.receive(`["resolve",1,["headers",${deep}]]`);
    expect(await failed).toContain(remedy("fetchValues"));
    expect(await api.add(1, 2)).toBe(3);
  });

  test("fails map(), and maps of the peer", async () => {
    const { api, expectAlive } = connect();
    const list = api.records(3);
    expect(() => list.map((each: any) => each)).toThrow(remedy("maps"));
    list[Symbol.dispose]();
    expect(await api.mapOver(() => [1, 2])).toContain(remedy("maps"));
    await expectAlive();
  });

  test("fails the map() of a stub in this process", () => {
    const { RpcStub: Stub } = createRpc();
    using stub = new Stub(new Api());
    expect(() => (stub as any).map((each: unknown) => each)).toThrow(MissingComponentError);
  });

  test.each([
    ["forgottenStubs", { releaseForgotten: true }],
    ["extensions", { announce: true }],
    ["memoryLimits", { limits: { maxHeldBytes: 1_000 } }],
    ["memoryLimits", { limits: "server" }],
  ] as const)("refuses an option that needs %s", (needs, options) => {
    const [end] = connectEnds();
    expect(() => createRpc().startSession(end, undefined, options)).toThrow(remedy(needs));
  });

  test("names the limit that it refuses", () => {
    for (const name of ["maxHeldBytes", "maxProcessHeldBytes"]) {
      const [end] = connectEnds();
      const start = () => createRpc().startSession(end, undefined, { limits: { [name]: 1_000 } });
      expect(start).toThrow(`limits.${name} needs import`);
    }
  });

  test("handles the promises in results that the peer doesn't ask for", async () => {
    const { api } = connect();
    const unhandled = await unhandledRejections(async () => {
      await api.ignore(() => ({ list: [Promise.reject(new Error("nobody asked"))] }));
      await settle();
    });
    expect(unhandled).toEqual([]);
  });

  test("has the application's own value types", async () => {
    const types = [price];
    const [clientEnd, serverEnd] = connectEnds();
    new RpcSession<any>(serverEnd, new Api(), { types });
    const api = createRpc().startSession<any>(clientEnd, undefined, { types }) as any;
    expect(await api.echo({ price: new Price(5) })).toEqual({ price: new Price(5) });
  });

  test("gets the errors of the peer, whatever is in them", async () => {
    const [clientEnd, serverEnd] = connectEnds();
    class Failing extends RpcTarget {
      fail() {
        throw Object.assign(new RangeError("no"), { headers: new Headers(), place: "here" });
      }
    }
    new RpcSession<any>(serverEnd, new Failing(), { errorProperties: ["headers", "place"] });
    const api = createRpc().startSession<any>(clientEnd) as any;
    for (let i = 0; i < 2; i++) {
      const error: any = await failure(api.fail());
      expect(error).toBeInstanceOf(RangeError);
      expect(error).toMatchObject({ message: "no", place: "here" });
    }
  });

  test("passes streams to targets in this process, which own them", async () => {
    const { RpcStub: Stub } = createRpc();
    using stub = new Stub(new Api());
    const stream = new ReadableStream();
    expect(await (stub as any).echo({ stream })).toMatchObject({ stream });
  });
});

describe("the component", () => {
  test("streams carries streams, and no values of fetch", async () => {
    const { api, expectAlive } = connect(createRpc(streams));
    expect(await new Response(await api.echo(new Response("abc").body)).text()).toBe("abc");
    expect(await failureOf(api.make("Response"))).toContain(remedy("fetchValues"));
    expect(await failureOf(api.echo(new Headers()))).toContain(remedy("fetchValues"));
    await expectAlive();
  });

  test("streams cancels the body of a refused Response", async () => {
    const { api, main, expectAlive } = connect(createRpc(streams, extensions));
    expect(await failureOf(api.make("Response"))).toContain(remedy("fetchValues"));
    await settle();
    expect(main.canceled).toHaveLength(1);
    await expectAlive();
  });

  test("fetchValues carries values of fetch, and streams", async () => {
    const { api, expectAlive } = connect(createRpc(fetchValues));
    expect(await (await api.echo(new Response("abc"))).text()).toBe("abc");
    expect(await (await api.echo(new Blob(["abc"]))).text()).toBe("abc");
    expect([...(await api.make("Headers"))]).toHaveLength(3);
    const stream = await api.make("ReadableStream");
    await stream.cancel(new Error("enough"));
    await expectAlive();
  });

  test("maps records callbacks, and applies those of the peer", async () => {
    const { api, expectAlive } = connect(createRpc(maps));
    const list = api.records(2);
    expect(await list.map((each: any) => each.name)).toEqual(["n0", "n1"]);
    list[Symbol.dispose]();
    const { error } = await api.use((list: any) => list, "ReadableStream");
    expect(error).toContain(remedy("streams"));
    await expectAlive();
  });

  test("extensions sends bytes as bytes, and an awaited call as one message", async () => {
    const { api, clientEnd } = connect(createRpc(extensions));
    await api.add(1, 2);
    clientEnd.said();
    const bytes = new Uint8Array(10_000);
    expect(await api.echo(bytes)).toHaveLength(bytes.length);
    expect(clientEnd.frames.some((frame) => frame instanceof Uint8Array)).toBe(true);
    expect(clientEnd.sent.some(([tag]) => tag === "stream")).toBe(true);
  });

  test("extensions without documents announces none", async () => {
    const { api, main, clientEnd, serverEnd } = connect(createRpc(extensions));
    await api.add(1, 2);
    expect(await api.records(40)).toEqual(main.records(40));
    expect(clientEnd.sent[0][0]).toBe("reject");
    expect(JSON.stringify(clientEnd.sent[0])).not.toContain("json");
    expect(JSON.stringify(serverEnd.sent)).not.toContain('["table",');
  });

  test("documents sends and receives lists of records as tables", async () => {
    const { api, main, clientEnd, serverEnd } = connect(createRpc(documents));
    await api.add(1, 2);
    const records = main.records(40);
    expect(await api.echo(records)).toEqual(records);
    for (const { sent } of [clientEnd, serverEnd]) {
      expect(JSON.stringify(sent)).toContain('["table",');
    }
  });

  test("forgottenStubs permits the option", async () => {
    const { expectAlive } = connect(createRpc(forgottenStubs), { releaseForgotten: "trace" });
    await expectAlive();
  });

  test("memoryLimits ends a session whose server makes it hold too much", async () => {
    const { api } = connect(createRpc(memoryLimits), { limits: { maxHeldBytes: 100_000 } });
    const never = new Promise(() => {});
    const broken = new Promise<Error>((resolve) => api.onRpcBroken(resolve));
    api.flood(() => never).catch(() => {});
    expect(await broken).toMatchObject({ code: "LIMIT", limit: "maxHeldBytes" });
  });

  test("placesInErrors names the place of a value that can't be sent", async () => {
    const value = { list: [new Map()] };
    const plain = connect().api;
    expect(() => plain.echo(value)).toThrow(/^Cannot serialize value: \[object Map\]$/);
    const { api } = connect(createRpc(placesInErrors));
    expect(() => api.echo(value)).toThrow(/arguments\[0\]\.list\[0\]: Map/);
    expect(await failureOf(api.echo(new Headers()))).toContain("arguments[0]: Headers");
  });
});

describe("the classes", () => {
  const rpc = createRpc();

  test("are those of the main entry", () => {
    expect(ModularTarget).toBe(RpcTarget);
    using ours = new rpc.RpcStub(new Counter());
    using theirs = new RpcStub(new Counter());
    const promise = new rpc.RpcPromise(Promise.resolve(1));
    for (const Stub of [RpcStub, rpc.RpcStub]) {
      expect(ours).toBeInstanceOf(Stub);
      expect(theirs).toBeInstanceOf(Stub);
      expect(promise).toBeInstanceOf(Stub);
    }
    for (const Class of [RpcPromise, rpc.RpcPromise]) {
      expect(promise).toBeInstanceOf(Class);
      expect(ours).not.toBeInstanceOf(Class);
    }
    expect(theirs.constructor).toBe(RpcStub);
    expect(() => (rpc.RpcStub as any)({})).toThrow(TypeError);
  });

  test("take stubs of the main entry, and the other way round", async () => {
    const { api, expectAlive } = connect(rpc);
    using mine = new RpcStub(new Counter());
    const echoed = await api.echo(mine);
    expect(await echoed.increment()).toBe(1);
    echoed[Symbol.dispose]();
    using theirs = new RpcStub(new Api());
    using remote = await api.counter();
    const both = await theirs.echo({ remote });
    expect(await (both as any).remote.increment()).toBe(1);
    (both as any)[Symbol.dispose]();
    remote[Symbol.dispose]();
    await expectAlive();
  });

  test("of createRpc() refuse anything but components", () => {
    for (const other of [undefined, null, {}, "streams", () => {}]) {
      expect(() => createRpc(other as never)).toThrow("createRpc() takes components");
    }
  });
});
