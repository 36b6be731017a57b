// `await` calls a member `then` that is a function, even one that the peer chose. So a decoded
// object has none.
import { describe, expect, test } from "vitest";
import { RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair, scripted, settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";

class Api extends RpcTarget {
  readonly seen: any[] = [];
  async take(value: any) {
    // As in an application: `await` looks for a `then` wherever it is used.
    const awaited = await value;
    this.seen.push(awaited, await awaited?.inner);
    return "taken";
  }
  echo(value: unknown) {
    return value;
  }
  list() {
    return [1, 2];
  }
  number() {
    return 5;
  }
  make() {
    return () => 5;
  }
}

/** A function that must not be called, as `then` would be, and the arguments of its calls. */
function trap() {
  const calls: unknown[][] = [];
  const then = (...args: unknown[]) => void calls.push(args);
  return { calls, then };
}

describe("a `then` in an argument", () => {
  test.each<readonly [string, (stub: unknown) => unknown]>([
    ["of an object", (then) => ({ then, kept: 1 })],
    ["of an object in an object", (then) => ({ inner: { then, kept: 1 } })],
    ["of an object in a list", (then) => [[{ then, kept: 1 }]]],
    ["of an error", (then) => ["error", "Error", "m", null, { then, kept: 1 }]],
    ["of an error's cause", (then) => ["error", "Error", "m", null, { cause: { then, kept: 1 } }]],
  ])("%s is left out, and its references are released", async (_, make) => {
    for (const then of [
      ["export", -1],
      ["promise", -1],
    ]) {
      const { main, say, sent } = scriptedApi();
      say(["push", ["pipeline", 0, ["take"], [make(then)]]]);
      say(["pull", 1]);
      if (then[0] === "promise") say(["resolve", -1, ["export", -2]]);
      await settle();
      const text = JSON.stringify(main.seen);
      if (!make.toString().includes("error")) expect(text).toContain('"kept":1');
      expect(text).not.toContain("then");
      expect(sent).toContainEqual(["resolve", 1, "taken"]);
      expect(sent.filter(([tag]) => tag === "push" || tag === "stream")).toEqual([]);
      expect(sent).toContainEqual(["release", then[0] === "promise" ? -2 : -1, 1]);
    }
  });

  function scriptedApi() {
    const main = new Api();
    return { main, ...scripted(main) };
  }

  test.each([
    ["a number", 5],
    ["text", "later"],
    ["an object", { then: 1 }],
    ["a date", ["date", 0]],
    ["a promise of a number", ["pipeline", 1]],
  ])("stays if it is %s", async (_, then) => {
    const { main, say } = scriptedApi();
    say(["push", ["pipeline", 0, ["number"], []]]);
    say(["push", ["pipeline", 0, ["take"], [{ then }]]]);
    await settle();
    expect(main.seen[0]).toHaveProperty("then");
    expect(typeof main.seen[0].then).not.toBe("function");
  });

  test("stays if it is a number from a promise that is still pending", async () => {
    const { main, say } = scriptedApi();
    say(["push", { then: ["promise", -1] }]);
    say(["push", ["pipeline", 0, ["take"], [["pipeline", 1]]]]);
    say(["resolve", -1, 5]);
    await settle();
    expect(main.seen[0]).toEqual({ then: 5 });
  });

  test("is left out if it is a promise of the receiver's own function", async () => {
    const { main, say, ended } = scriptedApi();
    say(["push", ["pipeline", 0, ["make"], []]]);
    say(["push", ["pipeline", 0, ["take"], [{ then: ["pipeline", 1], kept: 1 }]]]);
    say(["push", ["pipeline", 0, ["take"], [{ then: ["import", 1], kept: 1 }]]]);
    await settle();
    expect(ended.reason).toBe(undefined);
    expect(main.seen.filter(Boolean).map((each) => Object.keys(each))).toEqual([
      ["kept"],
      ["kept"],
    ]);
  });
});

describe.each(["string", "jsonCompatible", "structuredClonable"] as const)(
  "at level %s",
  (level) => {
    /** A client of a server that puts the client's own function under `then` wherever it can. */
    const connect = () => {
      const { calls, then } = trap();
      return { ...pair(new Api(), { level }), calls, then };
    };

    test("a result's `then` isn't called by the caller's `await`", async () => {
      const { api, calls, then } = connect() as any;
      const result = await api.echo({ then, kept: 1, inner: { then, kept: 2 } });
      expect(Object.keys(result)).toEqual(["kept", "inner"]);
      expect(await result.inner).toMatchObject({ kept: 2 });
      const list = await api.echo([{ then }]);
      expect(await list[0]).toEqual({});
      expect(calls).toEqual([]);
    });

    test("a `then` in a map() isn't called by either side", async () => {
      const { api, calls, then } = connect() as any;
      const { RpcStub } = await import("../src/index.ts");
      const stub = new RpcStub(then);
      const results = await api.list().map((each: unknown) => ({ then: stub, each }));
      for (const result of results) expect(Object.keys(await result)).toEqual(["each"]);
      const echoed = await api.list().map((each: unknown) => api.echo({ then: stub, each }));
      for (const result of echoed) expect(Object.keys(await result)).toEqual(["each"]);
      expect(await api.list().map((each: unknown) => api.take({ then: stub, each }))).toEqual([
        "taken",
        "taken",
      ]);
      expect(calls).toEqual([]);
    });

    test("a `then` that is left out holds nothing", async () => {
      const { api, isClean } = connect() as any;
      const resources = new Resources();
      const result = await api.echo({ then: resources.make("then"), kept: 1 });
      expect(result.then).toBe(undefined);
      result[Symbol.dispose]();
      await settle();
      expect(resources.disposed).toEqual(["then"]);
      expect(isClean()).toBe(true);
    });
  },
);

test.each([
  ["an error", ["error", "Error", "m", null, { then: ["export", -1] }]],
  ["an object", { message: "m", then: ["export", -1] }],
  ["an object with a promise", { message: "m", then: ["promise", -1] }],
])("a failure's `then` isn't called when %s is returned", async (_, reason) => {
  const { say, sent, api } = scripted();
  const call = failure(api.fail());
  await settle();
  say(["reject", 1, reason]);
  expect(await (async () => await call)()).toMatchObject({ message: "m" });
  expect(sent.filter(([tag]) => tag === "push" || tag === "stream")).toHaveLength(1);
});
