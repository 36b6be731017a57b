// Libraries put queries, headers and addresses into properties of their errors, so only properties
// that a class or the session names are sent.
import { describe, expect, test } from "vitest";
import { RpcError, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, settle } from "./support/pair.ts";

/** The kind of error that a database's driver throws. */
class QueryError extends Error {
  readonly code = "23505";
  readonly query = "INSERT INTO users VALUES ($1)";
  readonly parameters = ["secret"];
}

class CreditError extends Error {
  static readonly rpcProperties: readonly string[] = ["balance", "limit"];
  readonly balance: number;
  readonly limit = 10;
  readonly account = "secret";
  constructor(balance: number) {
    super("Not enough credit.");
    this.balance = balance;
  }
}

class DebtError extends CreditError {
  static override readonly rpcProperties = [...CreditError.rpcProperties, "debt"];
  readonly debt = 7;
}

class Api extends RpcTarget {
  readonly #make: () => unknown;
  constructor(make: () => unknown) {
    super();
    this.#make = make;
  }
  fail() {
    throw this.#make();
  }
  give() {
    return this.#make();
  }
  giveInside() {
    return { error: this.#make() };
  }
  list() {
    return [1];
  }
}

const connect = (make: () => unknown, server = {}) => pair(new Api(make), { server }) as any;

/** The error that arrives by any way, with no secret on the wire. */
async function arriving(make: () => unknown, options = {}): Promise<any> {
  const { api, serverEnd } = connect(make, options);
  const error = await failure(api.fail());
  const others = [
    await api.give(),
    (await api.giveInside()).error,
    (await api.list().map(() => api.give()))[0],
    await failure(api.list().map(() => api.fail())),
  ];
  for (const other of others) expect(keysOf(other)).toEqual(keysOf(error));
  expect(JSON.stringify(serverEnd.sent)).not.toContain("secret");
  return error;
}

const keysOf = (error: object) =>
  Object.getOwnPropertyNames(error)
    .filter((key) => !["stack", "message"].includes(key))
    .sort();

describe("an error", () => {
  test("sends its code, and no properties that neither its class nor the session names", async () => {
    const error = await arriving(() => new QueryError("duplicate key"));
    expect(error).toMatchObject({ message: "duplicate key", code: "23505" });
    expect(keysOf(error)).toEqual(["code"]);
  });

  test.each([
    ["a number", 404, true],
    ["text", "E", true],
    ["an object", { secret: 1 }, false],
    ["a list", ["secret"], false],
    ["nothing", null, false],
  ])("sends a code that is %s only if it is text or a number", async (_, code, isSent) => {
    const error = await arriving(() => Object.assign(new Error("m"), { code }));
    expect(keysOf(error)).toEqual(isSent ? ["code"] : []);
  });

  test("sends the properties that its class and base classes name", async () => {
    expect(await arriving(() => new CreditError(3))).toMatchObject({ balance: 3, limit: 10 });
    const debt = await arriving(() => new DebtError("m".length));
    expect(keysOf(debt)).toEqual(["balance", "debt", "limit"]);
  });

  test("sends the properties that the session names", async () => {
    const make = () => Object.assign(new QueryError("m"), { status: 1, other: "secret" });
    const error = await arriving(make, {
      errorProperties: ["status", "stack", "name", "__proto__"],
    });
    expect(keysOf(error)).toEqual(["code", "status"]);
    expect(error.stack).not.toContain("QueryError");
  });

  test("sends all properties only if the session says so", async () => {
    const { api } = connect(() => new QueryError("m"), { errorProperties: "all" });
    expect(await failure(api.fail())).toMatchObject({ parameters: ["secret"] });
  });

  test("applies the same rules to its causes and aggregated errors", async () => {
    const make = () =>
      new AggregateError([new QueryError("one"), new CreditError(1)], "several", {
        cause: Object.assign(new CreditError(2), { cause: new QueryError("deep") }),
      });
    const error = await arriving(make);
    expect(error.errors).toMatchObject([{ code: "23505" }, { balance: 1 }]);
    expect(error.cause).toMatchObject({ balance: 2, cause: { code: "23505" } });
    expect(keysOf(error.errors[0])).toEqual(["code"]);
    expect(keysOf(error.cause)).toEqual(["balance", "cause", "limit"]);
    expect(keysOf(error.cause.cause)).toEqual(["code"]);
  });

  test("applies the same rules when it replaces another", async () => {
    const error = await arriving(() => new Error("secret"), {
      onSendError: () => Object.assign(new CreditError(4), { stack: "stack" }),
    });
    expect(keysOf(error)).toEqual(["balance", "limit"]);
  });

  test.each([
    ["text", "secret"],
    ["a number", 1],
    ["a list of other things", [1, null, { toString: () => "account" }]],
  ])("sends nothing for a class whose rpcProperties is %s", async (_, rpcProperties) => {
    class Odd extends Error {
      static readonly rpcProperties = rpcProperties;
      readonly account = "secret";
    }
    expect(keysOf(await arriving(() => new Odd("m")))).toEqual([]);
  });

  test("follows the client's names if the client sends it as an argument", async () => {
    class Echo extends RpcTarget {
      echo(error: unknown) {
        return error;
      }
    }
    const options = { server: { errorProperties: "all" as const } };
    const { api, clientEnd } = pair(new Echo(), options) as any;
    expect(keysOf(await api.echo(new QueryError("m")))).toEqual(["code"]);
    expect(JSON.stringify(clientEnd.sent)).not.toContain("secret");
  });

  test("keeps the properties that a peer sends, which may follow other rules", async () => {
    class Echo extends RpcTarget {
      keys(error: object) {
        return keysOf(error);
      }
    }
    const client = { errorProperties: "all" as const };
    const { api } = pair(new Echo(), { client }) as any;
    expect(await api.keys(new QueryError("m"))).toEqual(["code", "parameters", "query"]);
  });
});

describe("an RpcError", () => {
  test("arrives as an RpcError, with its data, code and cause", async () => {
    const make = () =>
      new RpcError("Not enough credit.", {
        code: "NO_CREDIT",
        data: { balance: 3n, at: new Date(0) },
        cause: new RangeError("less than 0"),
      });
    const error = await arriving(make);
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({
      name: "RpcError",
      message: "Not enough credit.",
      code: "NO_CREDIT",
      data: { balance: 3n, at: new Date(0) },
    });
    expect(error.cause).toBeInstanceOf(RangeError);
  });

  test("arrives without members that it doesn't have", async () => {
    expect(keysOf(await arriving(() => new RpcError("m")))).toEqual([]);
    expect(keysOf(await arriving(() => new RpcError("m", { data: null })))).toEqual(["data"]);
  });

  test("keeps its data when its receiver passes it on", async () => {
    const inner = connect(() => new RpcError("m", { data: 5 }));
    class Relay extends RpcTarget {
      async fail() {
        await inner.api.fail();
      }
    }
    const { api } = pair(new Relay()) as any;
    expect(await failure(api.fail())).toMatchObject({ name: "RpcError", data: 5 });
  });

  test("loses only data that can't be sent", async () => {
    const { api, isClean } = connect(() => new RpcError("m", { data: { f: () => 1 }, code: 1 }));
    const error = await failure(api.fail());
    expect(error).toMatchObject({ message: "m", code: 1 });
    expect(keysOf(error)).toEqual(["code"]);
    await settle();
    expect(isClean()).toBe(true);
  });

  test("still sends its data as a subclass, under the name RpcError", async () => {
    class NoCredit extends RpcError<{ balance: number }> {}
    const error = await arriving(() => new NoCredit("m", { data: { balance: 1 } }));
    expect(error).toBeInstanceOf(RpcError);
    expect(error.data).toEqual({ balance: 1 });
  });
});
