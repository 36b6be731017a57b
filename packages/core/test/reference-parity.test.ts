// Programs written for `capnweb` rely on these. The comparison in interop found each.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

class Named extends RpcTarget {
  readonly #name: string;
  readonly #disposed: string[];
  constructor(name: string, disposed: string[] = []) {
    super();
    this.#name = name;
    this.#disposed = disposed;
  }
  get name() {
    return this.#name;
  }
  [Symbol.dispose]() {
    this.#disposed.push(this.#name);
  }
}

describe("a method that calls a function without awaiting it", () => {
  class Api extends RpcTarget {
    readonly seen: unknown[] = [];
    take(named: any) {
      void this.#look(named);
    }
    fail(named: any): never {
      void this.#look(named);
      throw new Error("refused");
    }
    async #look(named: any) {
      this.seen.push(await named.name);
    }
  }

  test.each(["take", "fail"] as const)("may read its argument in %s()", async (method) => {
    const main = new Api();
    const disposed: string[] = [];
    const { api, isClean } = pair(main);
    await (api[method] as any)(new Named("ann", disposed)).catch(() => {});
    await settle();
    expect(main.seen).toEqual(["ann"]);
    expect(disposed).toEqual(["ann"]);
    expect(isClean()).toBe(true);
  });
});

test("a method that waited for its arguments keeps them when the session ends", async () => {
  let inside = (_named: any) => {};
  const called = new Promise<any>((resolve) => {
    inside = resolve;
  });
  class Api extends RpcTarget {
    take(named: any) {
      inside(named);
      return new Promise(() => {});
    }
  }
  const { api, serverEnd } = pair(new Api());
  const call = (api as any).take(new RpcPromise(Promise.resolve(new Named("ann"))));
  call.catch(() => {});
  const named = await called;
  serverEnd.receiver.close(new Error("cut"));
  expect(await failure(named.name)).toMatchObject({ message: "cut" });
});

test("a session disposes of its exports in the order of exporting when it ends", async () => {
  const disposed: string[] = [];
  class Api extends RpcTarget {
    names() {
      return Array.from({ length: 70 }, (_, i) => new Named(`${i}`, disposed));
    }
  }
  const { api } = pair(new Api());
  await api.names();
  api[Symbol.dispose]();
  await settle();
  expect(disposed).toEqual(Array.from({ length: 70 }, (_, i) => `${i}`));
});

test("a stub is an instance of RpcTarget, as its target is", async () => {
  class Api extends RpcTarget {
    check(named: unknown) {
      return named instanceof RpcTarget;
    }
  }
  const { api } = pair(new Api());
  expect(await api.check(new Named("ann"))).toBe(true);
  expect(new RpcStub(new Named("ann"))).toBeInstanceOf(RpcTarget);
  expect(new RpcStub({})).not.toBeInstanceOf(Named);
});

describe("an error", () => {
  const throwing = {
    get inside(): never {
      throw new RangeError("the getter threw");
    },
  };
  class Api extends RpcTarget {
    fail(): never {
      throw Object.assign(new Error("outer", { cause: throwing }), { throwing, fine: 1 });
    }
    stub(): never {
      throw new Named("ann");
    }
    numbers() {
      return [1];
    }
    look(error: any) {
      return Object.keys(error);
    }
  }

  test("loses only a property whose getter throws", async () => {
    const { api } = pair(new Api(), { server: { errorProperties: "all" } });
    const error: any = await failure(api.fail());
    expect(error).toMatchObject({ message: "outer", fine: 1 });
    expect(error).not.toHaveProperty("cause");
    expect(error).not.toHaveProperty("throwing");
  });

  test("in a map() has the properties that the session sends", async () => {
    const error = Object.assign(new Error("with"), { detail: 1 });
    const seenBy = async (client: object) => {
      const { api } = pair(new Api(), { client });
      return await api.numbers().map(() => api.look(error));
    };
    expect(await seenBy({ errorProperties: "all" })).toEqual([["detail"]]);
    expect(await seenBy({})).toEqual([[]]);
  });

  test("that is a stub is replaced by an error that says so", async () => {
    const { api } = pair(new Api());
    expect(await failure(api.stub())).toMatchObject({
      message: expect.stringContaining("Can't serialize RPC stubs in this context."),
    });
  });
});

test("a stub in a result that is here works without asking the peer", async () => {
  class Api extends RpcTarget {
    pair() {
      return { named: new Named("ann") };
    }
  }
  const { api, clientEnd, client } = pair(new Api());
  using result: any = api.pair();
  await result;
  const sent = clientEnd.sent.length;
  const named = await result.named;
  expect(clientEnd.sent.length).toBe(sent);
  clientEnd.receiver.close(new Error("cut"));
  expect(await failure(named.name)).toMatchObject({ message: "cut" });
  expect(client.getStats().imports).toBe(0);
});

test("an object of this process keeps the disposer of its class", async () => {
  let disposed = 0;
  class Connection {
    [Symbol.dispose]() {
      disposed++;
    }
  }
  {
    using _connection: any = await new RpcPromise(Promise.resolve(new Connection() as any));
  }
  expect(disposed).toBe(1);
});
