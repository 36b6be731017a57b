// After each of these, both sides hold only their main objects.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class Item extends RpcTarget {
  readonly #id: number;
  constructor(id: number) {
    super();
    this.#id = id;
  }
  get id() {
    return this.#id;
  }
  self() {
    return this;
  }
  plus(by: number) {
    return this.#id + by;
  }
}

class Api extends RpcTarget {
  kept: any[] = [];
  item(id: number) {
    return new Item(id);
  }
  async itemLater(id: number) {
    return new Item(id);
  }
  items() {
    return [new Item(1), new Item(2)];
  }
  wrapped() {
    return { item: new Item(1), list: [{ item: new Item(2) }], when: new Date(0) };
  }
  promised() {
    return { item: new RpcPromise(Promise.resolve(new Item(3))), value: new RpcPromise(later(4)) };
  }
  echo(value: any) {
    return value;
  }
  async call(callback: any, ...args: unknown[]) {
    return await callback(...args);
  }
  async callTwice(callback: any) {
    return [await callback(1), await callback(2)];
  }
  keep(stub: any) {
    this.kept.push(stub.dup());
  }
  drop() {
    for (const stub of this.kept.splice(0)) stub[Symbol.dispose]();
  }
  fail(): never {
    throw new Error("failed");
  }
  read(stream: ReadableStream) {
    return new Response(stream).text();
  }
  source() {
    return new Blob(["abc"]).stream();
  }
  sink() {
    return new WritableStream();
  }
  async write(stream: WritableStream) {
    const writer = stream.getWriter();
    await writer.write("x");
    await writer.close();
  }
}

const later = async (value: unknown) => value;

const SCENARIOS: readonly (readonly [string, (api: any, using_: Using) => unknown])[] = [
  ["a call", (api) => api.echo(1)],
  ["a call that fails", (api) => failure(api.fail())],
  ["a call that isn't awaited", (api, using_) => void using_(api.echo(1))],
  ["a failing call that isn't awaited", (api, using_) => void using_(api.fail())],
  ["a call that is canceled", (api) => api.itemLater(1)[Symbol.dispose]()],
  ["a stub in a result", async (api, using_) => using_(await api.item(1)).plus(1)],
  [
    "a stub in a result that nobody takes out",
    async (api, using_) => void using_(await api.items()),
  ],
  [
    "stubs deep in a result",
    async (api, using_) => {
      const { item, list } = using_(await api.wrapped());
      return [await item.plus(1), await list[0].item.plus(1)];
    },
  ],
  [
    "promises in a result",
    async (api, using_) => {
      const { item, value } = using_(await api.promised());
      return [await item.plus(1), value];
    },
  ],
  ["pipelining on a call", (api, using_) => using_(api.item(1)).plus(1)],
  ["pipelining on a later call", (api, using_) => using_(api.itemLater(1)).plus(1)],
  [
    "a long chain",
    (api, using_) => using_(using_(using_(using_(api.item(1)).self()).self()).self()).plus(1),
  ],
  ["pipelining on a failed call", (api, using_) => failure(using_(api.fail()).a.b.c())],
  ["a property of a promise", (api, using_) => using_(api.item(1)).id],
  ["a promise as an argument", (api, using_) => api.echo(using_(api.echo(1)))],
  ["a part of a promise as an argument", (api, using_) => api.echo(using_(api.item(1)).id)],
  ["a promise of one's own as an argument", (api) => api.echo(new RpcPromise(later(1)))],
  [
    "a promise of one's own that fails",
    (api) => failure(api.echo(new RpcPromise(Promise.reject(new Error("no"))))),
  ],
  ["a callback", (api) => api.callTwice((x: number) => x + 1)],
  [
    "a callback that fails",
    (api) =>
      failure(
        api.call(() => {
          throw new Error("callback");
        }),
      ),
  ],
  [
    "a callback that gets a target",
    async (api, using_) => api.call((item: any) => item.plus(1), using_(await api.item(1))),
  ],
  [
    "a callback that gives a target",
    async (api, using_) => using_(await api.call(() => new Item(5))).plus(1),
  ],
  [
    "a callback that gives what it was given",
    async (api, using_) => using_(await api.call((item: any) => item, new Item(6))).plus(1),
  ],
  [
    "a callback that is kept and let go",
    async (api) => {
      await api.keep(() => 1);
      await api.drop();
    },
  ],
  ["one's own target back", async (api, using_) => using_(await api.echo(new Item(7))).plus(1)],
  [
    "the peer's own target back",
    async (api, using_) => using_(await api.echo(using_(await api.item(8)))).plus(1),
  ],
  [
    "a target passed twice in one call",
    (api) => {
      const item = new Item(1);
      return api.echo([item, item]).then((result: any) => result[Symbol.dispose]());
    },
  ],
  [
    "a stub duplicated",
    async (api, using_) => {
      const item = using_(await api.item(1));
      return using_(using_(item.dup()).dup()).plus(1);
    },
  ],
  ["a promise duplicated", async (api, using_) => using_(using_(api.item(1)).dup()).plus(1)],
  ["a main stub duplicated", (api, using_) => using_(api.dup()).echo(1)],
  ["a map", (api, using_) => using_(api.echo([1, 2])).map((x: any) => x)],
  [
    "a map over targets",
    async (api, using_) => using_(await using_(api.items()).map((item: any) => item.plus(1))),
  ],
  [
    "a map that gives targets",
    async (api, using_) =>
      using_(await using_(api.echo([1, 2])).map((id: any) => api.item(id))).length,
  ],
  [
    "a map with a captured stub",
    async (api, using_) => {
      const item = using_(await api.item(1));
      return using_(api.echo([1, 2])).map((x: any) => item.plus(x));
    },
  ],
  [
    "a map with a captured function of one's own",
    async (api, using_) => {
      const own = using_(new RpcStub((x: number) => x * 2) as any);
      return using_(api.echo([1, 2])).map((x: any) => own(x));
    },
  ],
  [
    "a map in a map",
    (api, using_) => using_(api.echo([[1], [2]])).map((row: any) => row.map((x: any) => ({ x }))),
  ],
  [
    "a map that fails",
    (api, using_) => failure(using_(using_(api.echo([1, 2])).map((x: any) => x.nope.nope()))),
  ],
  ["a stream as an argument", (api) => api.read(new Blob(["abc"]).stream())],
  ["a stream as a result", async (api) => new Response((await api.source()) as any).text()],
  [
    "a stream as a result that is never read",
    async (api, using_) => void using_(await api.source()),
  ],
  ["a writable as an argument", (api) => api.write(new WritableStream())],
  [
    "a writable as a result",
    async (api) => {
      const writer = (await api.sink()).getWriter();
      await writer.write("x");
      await writer.close();
    },
  ],
  [
    "a writable as a result that is aborted",
    async (api) => (await api.sink()).abort(new Error("x")),
  ],
  [
    "a writable as a result that is never closed",
    async (api, using_) => void using_(await api.sink()),
  ],
  ["a blob", (api) => api.echo(new Blob(["abc"]))],
  ["a response with a body", async (api) => (await api.echo(new Response("abc"))).text()],
  [
    "a response whose body is never read",
    async (api, using_) => void using_(await api.echo(new Response("abc"))),
  ],
];

/** Disposes of something when the scenario is over. */
type Using = <T>(value: T) => T;

describe("a session keeps nothing of", () => {
  test.each(SCENARIOS)("%s", async (_, run) => {
    const { api, client, server } = pair(new Api());
    const used: any[] = [];
    const using_: Using = (value) => {
      used.push(value);
      return value;
    };
    await run(api, using_);
    for (const each of used.reverse()) each?.[Symbol.dispose]?.();
    await settle(20);
    expect([client.getStats(), server.getStats()]).toEqual([
      { imports: 1, exports: 1 },
      { imports: 1, exports: 1 },
    ]);
    // The connection still works.
    expect(await api.echo("still here")).toBe("still here");
  });

  test("all of these together and in turn", async () => {
    const { api, client, server } = pair(new Api());
    const used: any[] = [];
    const using_: Using = (value) => {
      used.push(value);
      return value;
    };
    await Promise.all(SCENARIOS.map(([, run]) => run(api, using_)));
    for (const [, run] of SCENARIOS) await run(api, using_);
    for (const each of used.reverse()) each?.[Symbol.dispose]?.();
    await settle(20);
    expect([client.getStats(), server.getStats()]).toEqual([
      { imports: 1, exports: 1 },
      { imports: 1, exports: 1 },
    ]);
  });
});
