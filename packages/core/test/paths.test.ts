import { describe, expect, test } from "vitest";
import { RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair } from "./support/pair.ts";

class User {
  name = "ann";
  greet() {
    return "hi";
  }
}

class Api extends RpcTarget {
  user(): any {
    return new User();
  }
  deep(): any {
    return { list: [new User()], table: new Map(), bare: Object.create(null), sign: Symbol("s") };
  }
  get prop(): any {
    return new User();
  }
  number(): any {
    return 5;
  }
  date(): any {
    return new Date(0);
  }
}

describe("a path into a value that can't be sent is refused", () => {
  const { api } = pair(new Api());
  test.each<[string, () => PromiseLike<unknown>, RegExp]>([
    [
      "a property",
      () => api.user().name,
      /^RPC stub points at a non-ser.*It is an instance of User\./,
    ],
    ["a method", () => api.user().greet(), /It is an instance of User\..*extend RpcTarget/],
    ["a longer path", () => api.user().a.b, /It is an instance of User\./],
    [
      "in a list",
      () => api.deep().list[0].name,
      /^'list\.0' is not a serial.*It is an instance of User/,
    ],
    [
      "of a Map",
      () => api.deep().table.size,
      /^'table' is not a serializable type.*It is an instance of Map/,
    ],
    ["without a prototype", () => api.deep().bare.a, /an object without a prototype/],
    ["of a symbol", () => api.deep().sign.a, /It is a symbol/],
    ["of a getter's result", () => api.prop.name, /^'prop' is not a serializable type/],
    [
      "of a local stub",
      () => new RpcStub({ u: new User() }).u.name,
      /^'u' is not.*an instance of User/,
    ],
    ["of a plain main object", () => (new RpcStub(new User()) as any).greet(), /extend RpcTarget/i],
  ])("%s", async (_name, get, message) => {
    const error = await failure(get());
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
  });

  test("a path into a value that can be sent finds undefined members, as in the reference", async () => {
    expect(await api.number().toFixed).toBe(undefined);
    expect(await api.date().getTime).toBe(undefined);
    expect(await failure(api.number().a.b)).toMatchObject({
      message: expect.stringMatching(/'b'/),
    });
  });
});
