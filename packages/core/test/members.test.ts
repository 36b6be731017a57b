// A member that the types offer exists at run time, and a member that doesn't exist isn't offered.
import { describe, expect, test } from "vitest";
import { type RpcPromise, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { pair } from "./support/pair.ts";

class Cell extends RpcTarget {
  read() {
    return 1;
  }
  get size() {
    return 2;
  }
}

/** One value of each kind. The names are those of the value types, and of values with members. */
const VALUES = {
  text: () => "abc",
  number: () => 1.5,
  boolean: () => true,
  bigint: () => 5n,
  null: () => null,
  undefined: () => undefined,
  date: () => new Date(0),
  error: () => new RangeError("far"),
  bytes: () => new Uint8Array([1, 2]),
  url: () => new URL("https://example.com/a"),
  headers: () => new Headers({ a: "b" }),
  request: () => new Request("https://example.com/"),
  response: () => new Response("body"),
  blob: () => new Blob(["blob"]),
  readable: () => new ReadableStream<string>({ start: (controller) => controller.close() }),
  writable: () => new WritableStream<string>(),
  list: () => [1, 2],
  tuple: (): [number, string] => [1, "a"],
  object: () => ({ first: 1, nested: { second: 2 } }),
  target: () => new Cell(),
  function: () => () => 1,
};
type Values = typeof VALUES;
type Kind = keyof Values;

/** The names that all promises have. */
type Own = keyof RpcPromise<undefined>;
/** The names that the types offer on a promise of such a value. */
type Offered<K extends Kind> = Exclude<keyof RpcPromise<ReturnType<Values[K]>>, Own>;
/** A list's elements are offered under any number. */
type Listed<K extends Kind> = number extends Offered<K> ? "0" | "1" : Extract<Offered<K>, string>;

/**
 * The same as a value, so that a program can read it. The compiler refuses a surplus or missing
 * name.
 */
const OFFERED: { readonly [K in Kind]: Readonly<Record<Listed<K>, true>> } = {
  text: {},
  number: {},
  boolean: {},
  bigint: {},
  null: {},
  undefined: {},
  date: {},
  error: {},
  bytes: {},
  url: {},
  headers: {},
  request: {},
  response: {},
  blob: {},
  readable: {},
  writable: {},
  list: { "0": true, "1": true },
  tuple: { "0": true, "1": true },
  object: { first: true, nested: true },
  target: { read: true, size: true },
  function: {},
};

/** Every name that a value answers to where it is, except those of all objects. */
function namesOf(value: unknown): string[] {
  const names = new Set<string>();
  for (let at = value; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    if (at === Object.prototype) break;
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  for (const name of ["name", "stack", ...Object.getOwnPropertyNames(Object.prototype)]) {
    names.delete(name);
  }
  return [...names];
}

/** True if a name leads to anything in the value that a session's peer has. */
async function isThere(promise: any, name: string): Promise<boolean> {
  try {
    return (await promise[name]) !== undefined;
  } catch {
    return false;
  }
}

class Main extends RpcTarget {
  give(kind: Kind): unknown {
    return VALUES[kind]();
  }
}

describe.each(Object.keys(VALUES) as Kind[])("members of a promise of a value: %s", (kind) => {
  test("are the same in the types as in a session", async () => {
    const { client } = pair(new Main());
    using main = client.getRemoteMain();
    const offered = Object.keys(OFFERED[kind]);
    for (const name of offered) {
      using promise = main.give(kind);
      expect(await isThere(promise, name), name).toBe(true);
    }
    const reserved = ["dup", "map", "onRpcBroken", "then", "catch", "finally"];
    const others = namesOf(VALUES[kind]()).filter(
      (name) => !offered.includes(name) && !reserved.includes(name),
    );
    // Functions have a name and a length of their own, which function types don't list.
    for (const name of kind === "function" ? [] : others) {
      using promise = main.give(kind);
      expect(await isThere(promise, name), name).toBe(false);
    }
  });

  test("an awaited value has a disposer only if it is an object", async () => {
    const { client } = pair(new Main());
    using main = client.getRemoteMain();
    const value: any = await main.give(kind);
    const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
    expect(typeof value?.[Symbol.dispose]).toBe(isObject ? "function" : "undefined");
  });
});

test("the names that stubs and promises answer themselves exist on both", async () => {
  const { client } = pair(new Main());
  const main = client.getRemoteMain();
  for (const name of ["dup", "map", "onRpcBroken"] as const) {
    expect(typeof main[name]).toBe("function");
    expect(typeof main.give("text")[name]).toBe("function");
  }
  for (const name of ["then", "catch", "finally"] as const) {
    // A program may tell by it that a stub isn't a promise. The peer isn't asked.
    expect(main[name]).toBe(undefined);
    expect(typeof main.give("text")[name]).toBe("function");
  }
  expect(await failure(main.give("text").nothing.there)).toBeInstanceOf(Error);
});
