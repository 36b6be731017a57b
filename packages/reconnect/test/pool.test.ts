import { callOptions, RpcTarget } from "@capnweb/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connectPool, type PoolOptions } from "../src/index.ts";
import { Network, quick } from "./support/network.ts";

class Item extends RpcTarget {
  readonly #server: string;
  constructor(server: string) {
    super();
    this.#server = server;
  }
  where() {
    return this.#server;
  }
}

class Api extends RpcTarget {
  readonly #server: string;
  readonly #waiting: (() => void)[];
  constructor(server: string, waiting: (() => void)[]) {
    super();
    this.#server = server;
    this.#waiting = waiting;
  }
  where() {
    return this.#server;
  }
  list() {
    return [1, 2];
  }
  item() {
    return new Item(this.#server);
  }
  wait() {
    return new Promise<string>((resolve) => this.#waiting.push(() => resolve(this.#server)));
  }
}

function setUp({ isUp = true, ...options }: Partial<PoolOptions> & { isUp?: boolean } = {}) {
  const waiting: (() => void)[] = [];
  const networks = new Map(
    ["a", "b"].map((name) => [name, new Network(() => new Api(name, waiting))]),
  );
  for (const network of networks.values()) network.isUp = isUp;
  const pool = connectPool<Api>({
    urls: ["a", "b"],
    open: ({ url }) => networks.get(url)!.open(),
    resume: false,
    ...quick,
    ...options,
  });
  onTestFinished(() => pool.close());
  const allOpen = () => Promise.all(pool.connections.map((each) => each.ready()));
  return { pool, networks, waiting, api: pool.api, allOpen };
}

describe("a pool", () => {
  test("makes calls on the connection with the fewest calls under way", async () => {
    const { api, waiting, allOpen } = setUp();
    await allOpen();
    const calls = [1, 2, 3, 4].map(() => Promise.resolve(api.wait()));
    await vi.waitFor(() => expect(waiting).toHaveLength(4));
    for (const answer of waiting) answer();
    expect((await Promise.all(calls)).sort()).toEqual(["a", "a", "b", "b"]);
  });

  test("has calls wait until a connection is open, and leaves out those that aren't", async () => {
    const { api, networks, pool } = setUp({ isUp: false });
    const call = Promise.resolve(api.where());
    expect(pool.waiting).toBe(1);
    networks.get("b")!.isUp = true;
    expect(await call).toBe("b");
    expect(await api.where()).toBe("b");
  });

  test("maps over a result, with calls on its own stub", async () => {
    const { api, allOpen } = setUp();
    await allOpen();
    expect(new Set(await api.list().map(() => api.where())).size).toBe(1);
  });

  test("keeps results, and kept stubs, with their connection", async () => {
    const { api, networks, allOpen, pool } = setUp();
    await allOpen();
    const failure = expect(Promise.resolve(api.wait())).rejects.toMatchObject({
      execution: "maybe",
    });
    using item = await api.item();
    expect(await item.where()).toBe("b");
    expect(await api.item().where()).toBe("b");
    using kept = pool.keep((main) => main.item());
    expect(await kept.where()).toBe("b");
    networks.get("b")!.cut();
    expect(await kept.where()).toBe("b");
    networks.get("a")!.cut();
    await failure;
  });

  test("repeats an idempotent call although all connections are lost, one by one", async () => {
    const { api, networks, waiting, allOpen, pool }: ReturnType<typeof setUp> = setUp({
      open: async ({ index }) => networks.get("ab"[index]!)!.open(),
      retryBudget: { size: 1, perSecond: 0 },
    });
    await allOpen();
    const call = Promise.resolve(callOptions(api, { idempotent: true }).wait());
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    networks.get("a")!.cut({ stays: "down" });
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    networks.get("b")!.cut({ stays: "down" });
    await vi.waitFor(() => expect(pool.waiting).toBe(1));
    for (const network of networks.values()) network.isUp = true;
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    waiting[2]!();
    expect(await call).toMatch(/[ab]/);
  });

  test("repeats it once on a connection that was made later", async () => {
    const { api, networks, waiting } = setUp({ size: 1 });
    const call = Promise.resolve(callOptions(api, { idempotent: true }).wait());
    const failure = expect(call).rejects.toMatchObject({ execution: "maybe" });
    for (const times of [1, 2]) {
      await vi.waitFor(() => expect(waiting).toHaveLength(times));
      for (const { links } of networks.values()) links.at(-1)?.cut();
    }
    await failure;
    expect(waiting).toHaveLength(2);
  });

  test("goes to the next URL after a failure", async () => {
    const opened: string[] = [];
    const { pool, networks }: ReturnType<typeof setUp> = setUp({
      size: 1,
      async open({ url }) {
        opened.push(url);
        return networks.get(url)!.open();
      },
      isUp: false,
    });
    networks.get("b")!.isUp = true;
    expect(await pool.api.where()).toBe("b");
    expect(opened).toEqual(["a", "b"]);
  });

  test("fails calls once it is closed, or all its connections are", async () => {
    const { pool, api, allOpen } = setUp();
    await allOpen();
    const call = Promise.resolve(api.wait());
    const failure = expect(call).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    for (const connection of pool.connections) connection.close();
    await failure;
    await expect(api.where()).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      execution: "never",
    });
  });

  test("refuses a size that isn't one", () => {
    expect(() => setUp({ size: 0 })).toThrow(TypeError);
  });
});
