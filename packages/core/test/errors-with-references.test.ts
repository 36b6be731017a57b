// An error that is a value, not a failure, may hold stubs in its properties, as a plain object may.
// They are owned, duplicated and disposed of in the same way.
import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

const errorWith = (cause: unknown) => Object.assign(new RangeError("m", { cause }), { own: [1] });

class Api extends RpcTarget {
  readonly #resources: Resources;
  constructor(resources: Resources) {
    super();
    this.#resources = resources;
  }
  give(): any {
    return { error: errorWith(new RpcStub(this.#resources.make("cause"))) };
  }
  giveAlone(): any {
    return errorWith([{ stub: new RpcStub(this.#resources.make("nested")) }]);
  }
  giveSeveral(): any {
    return new AggregateError([
      errorWith(new RpcStub(this.#resources.make("first"))),
      new RpcStub(this.#resources.make("second")),
    ]);
  }
  giveCyclic(): any {
    const error: any = errorWith(new RpcStub(this.#resources.make("beside a cycle")));
    error.self = { error };
    return error;
  }
  giveOfPlatform(): any {
    return Object.assign(new DOMException("m", "AbortError"), {
      cause: new RpcStub(this.#resources.make("cause")),
    });
  }
  giveStream(): any {
    const cancel = () => void this.#resources.disposed.push("stream");
    return errorWith(new ReadableStream({ cancel }));
  }
  echo(value: any): any {
    return value;
  }
  async use(value: any): Promise<string> {
    return await value.cause.use();
  }
  async wrap(callback: any): Promise<any> {
    return { given: await callback() };
  }
  list() {
    return [1];
  }
}

function connect() {
  const resources = new Resources();
  return { resources, ...pair(new Api(resources)), local: new RpcStub(new Api(resources)) as any };
}

describe.each(["session", "local"] as const)(
  "an error with references of a result (%s)",
  (where) => {
    const CASES: readonly [string, (api: any) => PromiseLike<any>, string[]][] = [
      ["in an object", (api) => api.give(), ["cause"]],
      ["that is the result", (api) => api.giveAlone(), ["nested"]],
      ["in errors of errors", (api) => api.giveSeveral(), ["first", "second"]],
      ["of the platform", (api) => api.giveOfPlatform(), ["cause"]],
      ["with a stream", (api) => api.giveStream(), ["stream"]],
      ["in a map()", (api) => api.list().map(() => api.give()), ["cause"]],
    ];

    test.each(CASES)(
      "is released, with the stubs in an error %s, along with the result",
      async (_, call, names) => {
        const { resources, api, local } = connect();
        const result = await call(where === "local" ? local : api);
        await settle();
        expect(resources.disposed).toEqual([]);
        result[Symbol.dispose]();
        await settle();
        expect(resources.disposed).toEqual(names);
      },
    );

    test("has a stub that works, and is otherwise unchanged", async () => {
      const { api, local } = connect();
      const { error } = await (where === "local" ? local : api).give();
      expect(await error.cause.use()).toBe("used cause");
      expect(error).toBeInstanceOf(RangeError);
      expect(error.message).toBe("m");
      expect(Object.keys(error)).toEqual(where === "local" ? ["own"] : ["cause"]);
    });
  },
);

describe("a stub in an error is released with a result that was sent without it", () => {
  test("because its property isn't sent", async () => {
    class Given extends RpcTarget {
      give() {
        return {
          error: Object.assign(new Error("m"), { own: new RpcStub(resources.make("own")) }),
        };
      }
    }
    const resources = new Resources();
    const { api } = pair(new Given());
    const { error } = await api.give();
    await settle();
    expect(error).not.toHaveProperty("own");
    expect(resources.disposed).toEqual(["own"]);
  });

  test("because onSendError returned another error", async () => {
    const resources = new Resources();
    const { api } = pair(new Api(resources), {
      server: { onSendError: () => new Error("another") },
    });
    expect((await api.give()).error.message).toBe("another");
    await settle();
    expect(resources.disposed).toEqual(["cause"]);
  });
});

test("a stub in an argument's error may be returned", async () => {
  const { resources, api, isClean } = connect();
  const stub = new RpcStub(resources.make("echoed")) as any;
  const result = await api.echo(errorWith(stub));
  expect(await result.cause.use()).toBe("used echoed");
  result[Symbol.dispose]();
  stub[Symbol.dispose]();
  await settle();
  expect(resources.disposed).toEqual(["echoed"]);
  expect(isClean()).toBe(true);
});

test("a caller may dispose of a stub in an error after the call", async () => {
  const { resources } = connect();
  const later = new RpcPromise(Promise.resolve(new Api(resources))) as any;
  const stub = new RpcStub(resources.make("argument")) as any;
  const used = later.use(errorWith(stub));
  stub[Symbol.dispose]();
  expect(await used).toBe("used argument");
  await settle();
  expect(resources.disposed).toEqual(["argument"]);
});

test("a promise in an error is filled in", async () => {
  const { local, resources } = connect();
  const error = await local.echo(errorWith(new RpcPromise(Promise.resolve({ five: 5 }))));
  expect(error.cause).toEqual({ five: 5 });
  expect(resources.disposed).toEqual([]);
});

test("an application that passes on a peer's error passes on its references", async () => {
  class Main extends Api {
    disposed = 0;
    [Symbol.dispose]() {
      this.disposed++;
    }
  }
  const main = new Main(new Resources());
  const { say, transport } = scripted(main);
  say(["push", ["pipeline", 0, ["wrap"], [["export", -1]]]]);
  await settle();
  say(["resolve", 1, ["error", "Error", "m", null, { odd: ["import", 0] }]]);
  await settle();
  transport.receiver.close(new Error("gone"));
  await settle();
  expect(main.disposed).toBe(1);
});

test("a property that can't be sent doesn't affect an error's other properties", async () => {
  const { api, resources } = connect();
  const error = await (api as any).giveCyclic();
  expect(await error.cause.use()).toBe("used beside a cycle");
  error[Symbol.dispose]();
  await settle();
  expect(resources.disposed).toEqual(["beside a cycle"]);
});

test("an error without references is passed on unchanged", async () => {
  class QueryError extends Error {
    readonly #rows = [1];
    readonly request = { headers: { self: this as unknown }, done: () => {} };
    rows() {
      return this.#rows;
    }
  }
  const { local } = connect();
  const error = new QueryError("m");
  const given = (await local.echo({ error })).error;
  expect(given).toBe(error);
  expect(given.rows()).toEqual([1]);
});
