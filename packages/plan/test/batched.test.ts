import {
  callOptions,
  currentCall,
  NoCallError,
  RpcStub,
  RpcTarget,
  withinCall,
} from "@capnweb/core";
import { describe, expect, it } from "vitest";
import {
  type BatchContext,
  BatchError,
  type BatchOptions,
  batched,
  type Keys,
  type Unbatched,
} from "../src/batched/index.ts";
import { connect } from "./support/connect.ts";

/** A target whose `name` collects its calls. It notes the keys of each batch. */
class Users extends RpcTarget {
  readonly batches: string[][] = [];
  readonly contexts: BatchContext[] = [];
  readonly #name: (id: string) => Promise<string>;

  constructor(options?: BatchOptions<string>, answer: (id: string) => any = (id) => `user ${id}`) {
    super();
    this.#name = batched((ids: string[], batch) => {
      this.batches.push(ids);
      this.contexts.push(batch);
      return ids.map(answer);
    }, options);
  }

  ids() {
    return ["a", "b", "c"];
  }
  name(id: string) {
    return this.#name(id);
  }
}

const errorOf = (promise: PromiseLike<unknown>) =>
  Promise.resolve(promise).then(
    () => undefined,
    (error) => error,
  );

describe("batched(fn)", () => {
  it("answers the calls of one map() at once", async () => {
    const users = new Users();
    const { api } = connect(users);
    expect(await api.ids().map((id) => api.name(id))).toEqual(["user a", "user b", "user c"]);
    expect(users.batches).toEqual([["a", "b", "c"]]);
  });

  it("answers the calls of one turn at once, and those of another turn separately", async () => {
    const users = new Users();
    const { api } = connect(users);
    expect(await Promise.all([api.name("a"), api.name("b")])).toEqual(["user a", "user b"]);
    expect(await api.name("c")).toBe("user c");
    expect(users.batches).toEqual([["a", "b"], ["c"]]);
  });

  it("asks once for equal keys, in the order of the calls", async () => {
    const users = new Users();
    const { api } = connect(users);
    const names = ["b", "a", "b", "a", "c"].map((id) => api.name(id));
    expect(await Promise.all(names)).toEqual(["user b", "user a", "user b", "user a", "user c"]);
    expect(users.batches).toEqual([["b", "a", "c"]]);
  });

  it("compares objects by what identify returns", async () => {
    const batches: unknown[] = [];
    const load = (keys: { id: number }[]) => {
      batches.push(keys.length);
      return keys.map(({ id }) => id);
    };
    class Main extends RpcTarget {
      readonly #each = batched(load);
      readonly #once = batched(load, { identify: ({ id }) => id });
      each(key: { id: number }) {
        return this.#each(key);
      }
      once(key: { id: number }) {
        return this.#once(key);
      }
    }
    const { api } = connect(new Main());
    await Promise.all([api.each({ id: 1 }), api.each({ id: 1 })]);
    await Promise.all([api.once({ id: 1 }), api.once({ id: 1 })]);
    expect(batches).toEqual([2, 1]);
  });

  it("splits batches that are too large", async () => {
    const users = new Users({ maxBatchSize: 2 });
    const { api } = connect(users);
    expect(await api.ids().map((id) => api.name(id))).toEqual(["user a", "user b", "user c"]);
    expect(users.batches).toEqual([["a", "b"], ["c"]]);
  });

  it("fails the calls for a key whose result is an Error, and no others", async () => {
    const { api } = connect(
      new Users({}, (id) => (id === "b" ? new RangeError(`no user ${id}`) : id)),
    );
    const [a, b, again, c] = ["a", "b", "b", "c"].map((id) => api.name(id));
    expect([await a, await c]).toEqual(["a", "c"]);
    expect(await errorOf(b!)).toMatchObject({ name: "RangeError", message: "no user b" });
    expect(await errorOf(again!)).toMatchObject({ message: "no user b" });
  });

  it("fails all calls if the function throws or rejects", async () => {
    for (const fail of [
      () => {
        throw new Error("no database");
      },
      () => Promise.reject(new Error("no database")),
    ]) {
      const stub = new RpcStub(batched(fail as (keys: number[]) => Promise<number[]>));
      const errors = await Promise.all([errorOf(stub(1)), errorOf(stub(2))]);
      expect(errors).toMatchObject([{ message: "no database" }, { message: "no database" }]);
    }
  });

  it.each([
    ["too short", [1], /names returned 1 result for 2 keys.*in the order of the keys/],
    ["too long", [1, 2, 3], /names returned 3 results for 2 keys/],
    ["no list", new Map([[1, 2]]), /names returned no list for 2 keys/],
    ["nothing", undefined, /names returned no list/],
  ])("fails all calls for a list of results that is %s", async (_, results, message) => {
    const names = (_keys: number[]) => results as number[];
    const stub = new RpcStub(batched(names));
    for (const error of await Promise.all([errorOf(stub(1)), errorOf(stub(2))])) {
      expect(error).toBeInstanceOf(BatchError);
      expect(error.code).toBe("BATCH");
      expect(error.message).toMatch(message);
    }
  });

  it("fails the calls for a result that is missing in the list", async () => {
    const stub = new RpcStub(
      batched((keys: number[]) => {
        const results = new Array<number>(keys.length);
        results[1] = 5;
        return results;
      }),
    );
    const [first, second] = [stub(1), stub(2)];
    expect((await errorOf(first)).message).toMatch(/no result for key 0/);
    expect(await second).toBe(5);
  });

  it("works in this process, and keeps the this of the calls apart", async () => {
    const seen: unknown[] = [];
    class Main extends RpcTarget {
      declare name: (key: string) => Promise<string>;
      static {
        Main.prototype.name = batched(function (this: Main, keys: string[]) {
          seen.push([this, keys]);
          return keys;
        });
      }
    }
    const [one, other] = [new Main(), new Main()];
    const [first, second] = [new RpcStub(one), new RpcStub(other)];
    await Promise.all([first.name("a"), second.name("b"), first.name("c")]);
    expect(seen).toEqual([
      [one, ["a", "c"]],
      [other, ["b"]],
    ]);
  });

  it("refuses options of wrong types", () => {
    const load = (keys: number[]) => keys;
    expect(() => batched(load, { maxBatchSize: 0 })).toThrow(/"maxBatchSize" must be a whole/);
    expect(() => batched({ identify: 1 as never })).toThrow(/"identify" must be a function/);
    expect(() => batched(load, { cached: true } as never)).toThrow(/no option "cached"/);
  });
});

describe("the callers of a batch", () => {
  it("are those of one session", async () => {
    const users = new Users({ cache: true });
    const [one, other] = [connect(users).api, connect(users).api];
    await Promise.all([one.name("a"), other.name("a"), one.name("b")]);
    expect(users.batches).toEqual([["a", "b"], ["a"]]);
    const [first, second] = users.contexts;
    expect(first!.session).toBeDefined();
    expect(first!.session).not.toBe(second!.session);
  });

  it("have the same metadata", async () => {
    const users = new Users({ cache: true });
    const { api } = connect(users);
    await api.ids();
    const [a, b] = ["a", "b"].map((tenant) => callOptions(api, { metadata: { tenant } }));
    await Promise.all([a!.name("1"), b!.name("1"), a!.name("2")]);
    expect(users.batches).toEqual([["1", "2"], ["1"]]);
    expect(users.contexts.map(({ metadata }) => metadata)).toEqual([
      { tenant: "a" },
      { tenant: "b" },
    ]);
  });

  it("are any if the application says that its results are the same for all", async () => {
    const users = new Users({ shared: true });
    const [one, other] = [connect(users).api, connect(users).api];
    await Promise.all([one.name("a"), other.name("a"), users.name("b")]);
    expect(users.batches.map((each) => each.toSorted())).toEqual([["a", "b"]]);
    expect(users.contexts[0]).toMatchObject({ session: undefined, metadata: {} });
  });

  it("must be known", async () => {
    const users = new Users();
    const error = await errorOf(users.name("a"));
    expect(error).toBeInstanceOf(NoCallError);
    expect(error.message).toMatch(/withinCall\(\).*async-context.*shared: true/);
    class Late extends RpcTarget {
      async name(id: string) {
        const call = currentCall();
        await null;
        return withinCall(call, () => users.name(id));
      }
    }
    const nameless = await errorOf(
      batched(
        (
          () => (keys: number[]) =>
            keys
        )(),
      )(1),
    );
    expect(nameless.message).toMatch(/^A batched function without a name was called/);
    const { api } = connect(new Late());
    await Promise.all([api.name("a"), api.name("b")]);
    expect(users.batches).toEqual([["a", "b"]]);
    expect(users.contexts[0]!.session).toBeDefined();
  });
});

describe("the cache", () => {
  class Main extends RpcTarget {
    readonly #users: RpcStub<Users>;
    constructor(users: Users) {
      super();
      this.#users = new RpcStub(users);
    }
    async twice(id: string) {
      const call = currentCall();
      const first = await this.#users.name(id).catch(() => "failed");
      return [first, await withinCall(call, () => this.#users.name(id))];
    }
  }

  it("keeps results for their request alone", async () => {
    const users = new Users({ cache: true });
    const { api } = connect(new Main(users));
    expect(await api.twice("a")).toEqual(["user a", "user a"]);
    expect(users.batches).toEqual([["a"]]);
    await api.twice("a");
    expect(users.batches).toEqual([["a"], ["a"]]);
  });

  it("is off by default", async () => {
    const users = new Users();
    const { api } = connect(new Main(users));
    await api.twice("a");
    expect(users.batches).toEqual([["a"], ["a"]]);
  });

  it("keeps no errors", async () => {
    let failures = 1;
    const users = new Users({ cache: true }, (id) => (failures-- > 0 ? new Error("once") : id));
    const { api } = connect(new Main(users));
    expect(await api.twice("a")).toEqual(["failed", "a"]);
  });
});

describe("cancellation", () => {
  it("aborts the signal of a batch whose calls were cancelled before it runs", async () => {
    const users = new Users();
    const { api } = connect(users);
    await api.ids();
    const controller = new AbortController();
    const given = callOptions(api, { signal: controller.signal });
    const names = [given.name("a"), given.name("b")];
    const other = given.name("c");
    controller.abort(new Error("no longer"));
    expect(await Promise.all([...names, other].map(errorOf))).toMatchObject(
      Array.from({ length: 3 }, () => ({ message: "no longer" })),
    );
    await expect.poll(() => users.contexts.length).toBe(1);
    expect(users.contexts[0]!.signal.aborted).toBe(true);
  });

  it("aborts the signal of a batch once no call needs its results", async () => {
    let started!: (signal: AbortSignal) => void;
    const running = new Promise<AbortSignal>((resolve) => {
      started = resolve;
    });
    class Main extends RpcTarget {
      readonly #get = batched((keys: string[], { signal }) => {
        started(signal);
        return new Promise<string[]>((resolve) =>
          signal.addEventListener("abort", () => resolve(keys)),
        );
      });
      get(key: string) {
        return this.#get(key);
      }
    }
    const { api, server } = connect(new Main());
    const [a, b] = [api.get("a"), api.get("b")];
    const errors = [errorOf(a), errorOf(b)];
    const signal = await running;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    a[Symbol.dispose]();
    await new Promise((resolve) => setImmediate(resolve));
    expect(signal.aborted).toBe(false);
    b[Symbol.dispose]();
    await aborted;
    await Promise.all(errors);
    expect(server.getStats()).toEqual({ imports: 1, exports: 1 });
  });

  it("has the latest deadline of its calls", async () => {
    const users = new Users();
    const { api } = connect(users);
    await api.ids();
    const timed = (timeout: number) => callOptions(api, { timeout }).name(`${timeout}`);
    const before = Date.now();
    await Promise.all([timed(50_000), timed(90_000)]);
    const { deadline } = users.contexts[0]!;
    expect(deadline).toBeGreaterThan(before + 80_000);
    await Promise.all([api.name("x"), timed(50_000)]);
    expect(users.contexts.at(-1)!.deadline).toBeUndefined();
  });

  it("runs its function outside of the calls", async () => {
    let inside: unknown;
    const stub = new RpcStub(
      batched((keys: number[]) => {
        try {
          inside = currentCall();
        } catch (error) {
          inside = error;
        }
        return keys;
      }),
    );
    await stub(1);
    expect(inside).toBeInstanceOf(NoCallError);
  });
});

describe("ownership", () => {
  class Photo extends RpcTarget {
    static disposed = 0;
    readonly #id: string;
    constructor(id: string) {
      super();
      this.#id = id;
    }
    id() {
      return this.#id;
    }
    [Symbol.dispose]() {
      Photo.disposed++;
    }
  }
  class Photos extends RpcTarget {
    extra = 0;
    readonly #photo = batched((ids: string[]) => [
      ...ids.map((id) => ({ photo: new Photo(id) })),
      ...Array.from({ length: this.extra }, () => ({ photo: new Photo("extra") })),
    ]);
    photo(id: string) {
      return this.#photo(id);
    }
  }

  it("gives each call that shares a result its own references", async () => {
    Photo.disposed = 0;
    const { api, isClean } = connect(new Photos());
    const [one, other, third] = await Promise.all([api.photo("a"), api.photo("a"), api.photo("b")]);
    one[Symbol.dispose]();
    third[Symbol.dispose]();
    expect(await other.photo.id()).toBe("a");
    other[Symbol.dispose]();
    await expect.poll(() => Photo.disposed).toBe(2);
    await expect.poll(isClean).toBe(true);
  });

  it("leaves nothing in the session once the results of many calls are released", async () => {
    const { api, isClean } = connect(new Photos());
    const calls = Array.from({ length: 2_500 }, (_, i) => api.photo(`${i}`));
    for (const cancelled of calls.slice(0, 500)) {
      cancelled.catch(() => {});
      cancelled[Symbol.dispose]();
    }
    for (const result of await Promise.all(calls.slice(500))) result[Symbol.dispose]();
    await expect.poll(isClean).toBe(true);
  });

  it("gives up the results of a list that is too long", async () => {
    Photo.disposed = 0;
    const photos = new Photos();
    photos.extra = 1;
    const { api, isClean } = connect(photos);
    expect((await errorOf(api.photo("a"))).message).toMatch(/2 results for 1 key\./);
    await expect.poll(() => Photo.disposed).toBe(2);
    await expect.poll(isClean).toBe(true);
  });

  it("gives up the result of a call that was cancelled meanwhile", async () => {
    Photo.disposed = 0;
    const { api, isClean } = connect(new Photos());
    const promise = api.photo("a");
    const error = errorOf(promise);
    promise[Symbol.dispose]();
    await error;
    await expect.poll(isClean).toBe(true);
    expect(Photo.disposed).toBeLessThanOrEqual(1);
  });

  it("keeps the arguments until the calls are over", async () => {
    let disposed = false;
    class Key extends RpcTarget {
      text() {
        return "key";
      }
      [Symbol.dispose]() {
        disposed = true;
      }
    }
    class Main extends RpcTarget {
      readonly #read = batched(async (keys: RpcStub<Key>[]) => {
        await new Promise((resolve) => setImmediate(resolve));
        return await Promise.all(keys.map((key) => key.text()));
      });
      read(key: RpcStub<Key>) {
        return this.#read(key);
      }
    }
    const { api, isClean } = connect(new Main());
    expect(await api.read(new Key() as never)).toBe("key");
    await expect.poll(() => disposed).toBe(true);
    await expect.poll(isClean).toBe(true);
  });
});

describe("@batched()", () => {
  class Users extends RpcTarget {
    readonly prefix = "user";
    @batched({ maxBatchSize: 2 })
    async name(ids: Keys<number>, batch?: BatchContext): Promise<(string | Error)[]> {
      if (batch?.session === undefined) throw new Error("no session");
      return ids.map((id) => (id < 0 ? new Error("no user") : `${this.prefix} ${id}`));
    }
    numbers() {
      return [1, 2, 3];
    }
  }

  it("decorates methods, whose type for callers is Unbatched", async () => {
    const { api: stub } = connect(new Users());
    const api = stub as never as RpcStub<Unbatched<Users>>;
    const names: string[] = await api.numbers().map((id) => api.name(id));
    expect(names).toEqual(["user 1", "user 2", "user 3"]);
    expect((await errorOf(api.name(-1))).message).toBe("no user");
  });

  it("says what is wrong with decorators of another kind", () => {
    const decorate = batched() as unknown as (target: object, name: string) => void;
    expect(() => decorate({}, "name")).toThrow(/experimentalDecorators/);
  });
});
