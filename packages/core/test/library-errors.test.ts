import { describe, expect, test } from "vitest";
import {
  CallTimeoutError,
  DepthError,
  DisposedError,
  EncodeError,
  LimitError,
  type LimitName,
  PathError,
  RpcStub,
  RpcTarget,
} from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";

class Quota extends TypeError {
  get code() {
    return "LIMIT";
  }
  get limit() {
    return "of 5 EUR";
  }
}

class Api extends RpcTarget {
  limited(limit?: LimitName): never {
    throw new LimitError("too much", limit);
  }
  quota(): never {
    throw new Quota("no credit");
  }
  unsendable(): any {
    return new Map();
  }
  cyclic() {
    const cyclic: any = {};
    cyclic.cyclic = cyclic;
    return cyclic;
  }
  never() {
    return new Promise<never>(() => {});
  }
  disposed() {
    const stub = new RpcStub(() => 1);
    stub[Symbol.dispose]();
    return stub();
  }
  give(error: unknown) {
    given = error;
  }
}
let given: unknown;

const both = { client: { announce: true }, server: { announce: true, limits: { callTimeout: 1 } } };

describe("the library's own errors, between sides that announced extensions,", () => {
  test("arrive in their classes, and a LimitError names its limit", async () => {
    const { api } = pair(new Api(), both);
    await api.give(0);
    const limited = await failure(api.limited("maxWork"));
    expect(limited).toBeInstanceOf(LimitError);
    expect(limited).toMatchObject({ message: "too much", code: "LIMIT", limit: "maxWork" });
    // They are on the prototype, so an application that lists properties finds none.
    expect(Object.keys(limited)).toEqual([]);
    expect((await failure(api.limited())).limit).toBe(undefined);
    expect(await failure((api as any).nothing())).toBeInstanceOf(PathError);
    expect(await failure(api.unsendable())).toBeInstanceOf(EncodeError);
    const deep = await failure(api.cyclic());
    expect(deep).toBeInstanceOf(DepthError);
    expect(deep.message).toMatch(/depth/);
    expect(deep.stack).toMatch(/depth/);
    const late = await failure(api.never());
    expect(late).toBeInstanceOf(CallTimeoutError);
    expect(late).toMatchObject({ code: "CALL_TIMEOUT", message: expect.stringMatching(/1 ms/) });
  });

  test("arrive in their classes in arguments, and as the reason of a session's end", async () => {
    const { api, clientEnd } = pair(new Api(), both);
    await api.give(0);
    await api.give(new LimitError("mine", "maxPipes"));
    expect(given).toBeInstanceOf(LimitError);
    expect(given).toMatchObject({ limit: "maxPipes" });
    const broken = new Promise((resolve) => api.onRpcBroken(resolve));
    clientEnd.send('["no such message"]');
    expect(await broken).toMatchObject({ code: "PROTOCOL" });
  });

  test("keep only their code if they are about the side that made them", async () => {
    const { api } = pair(new Api(), both);
    await api.give(0);
    const error = await failure(api.disposed());
    expect(error).not.toBeInstanceOf(DisposedError);
    expect(error.code).toBe("DISPOSED");
  });

  test("don't send a `limit` that belongs to the application", async () => {
    const { api, serverEnd } = pair(new Api(), both);
    await api.give(0);
    expect((await failure(api.quota())).limit).toBe(undefined);
    expect(JSON.stringify(serverEnd.sent)).not.toContain("EUR");
  });

  test("stay plain errors from a peer that announced nothing", async () => {
    const { api } = pair(new Api());
    const plain = await failure(api.limited("maxWork"));
    expect(plain).not.toBeInstanceOf(LimitError);
    expect(plain).toMatchObject({ name: "TypeError", message: "too much" });
    expect(plain.code).toBe(undefined);
  });

  test.each([
    ["another name", ["error", "Error", "m", null, { code: "LIMIT" }]],
    ["a code that is no text", ["error", "TypeError", "m", null, { code: ["date", 0] }]],
    ["the code of no class", ["error", "TypeError", "m", null, { code: "constructor" }]],
  ])("aren't made from an error with %s", async (_, expression) => {
    const { api, say } = scripted(undefined, { announce: true });
    say(["reject", 2 ** 31 - 1, { capnweb: { features: [["calls"]] } }]);
    const failed = failure(api.anything());
    await settle();
    say(["reject", 1, expression]);
    const error = await failed;
    expect(Object.getPrototypeOf(error).constructor.name).toBe(expression[1]);
    expect(Object.hasOwn(error, "code")).toBe(true);
  });

  test("ignore a peer's limit that doesn't exist", async () => {
    const { api, say } = scripted(undefined, { announce: true });
    say(["reject", 2 ** 31 - 1, { capnweb: { features: [["calls"]] } }]);
    const failed = failure(api.anything());
    await settle();
    say(["reject", 1, ["error", "TypeError", "m", null, { code: "LIMIT", limit: "toString" }]]);
    const error = await failed;
    expect(error).toBeInstanceOf(LimitError);
    expect(error.limit).toBe(undefined);
  });
});
