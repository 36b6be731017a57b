import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test, vi } from "vitest";
import { breakStub, RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { targetOf, weakStub } from "../src/server/index.ts";
import { pair } from "./support/pair.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

class Book extends RpcTarget {
  disposed = 0;
  title() {
    return "Emma";
  }
  [Symbol.dispose]() {
    this.disposed++;
  }
}

class Library extends RpcTarget {
  readonly own = new Book();
  readonly seen: unknown[] = [];
  book() {
    return new RpcStub(this.own);
  }
  later() {
    return Promise.resolve(this.book());
  }
  see(book: unknown) {
    this.seen.push(targetOf(book));
  }
}

describe("targetOf", () => {
  test("finds the target behind a stub, its dup, and a stub of a stub", () => {
    const book = new Book();
    const stub = new RpcStub(book);
    expect([stub, stub.dup(), new RpcStub(stub)].map(targetOf)).toEqual([book, book, book]);
    const add = () => 1;
    expect(targetOf(new RpcStub(add))).toBe(add);
  });

  test("finds the target of a settled promise, and none before", async () => {
    const book = new Book();
    const promise = new RpcPromise(Promise.resolve(new RpcStub(book)));
    expect(targetOf(promise)).toBeUndefined();
    await promise;
    expect(targetOf(promise)).toBe(book);
  });

  test("finds none for plain values, properties, and what isn't a stub", () => {
    const value = new RpcStub({ list: [1] }) as any;
    const own = [new RpcStub(5 as any), value.list, new Book(), undefined, null, 1, () => 1, {}];
    expect(own.map(targetOf)).toEqual(own.map(() => undefined));
  });

  test("finds none for a stub that was disposed of, or declared broken", () => {
    const [disposed, broken, target] = [new Book(), new Book(), new Book()];
    const stubs = [disposed, broken, target].map((each) => new RpcStub(each));
    stubs[0]![Symbol.dispose]();
    breakStub(stubs[1]!, new Error("gone"));
    breakStub(target, new Error("gone"));
    expect(stubs.map(targetOf)).toEqual([undefined, undefined, undefined]);
  });

  test("recognises a capability that a peer hands back, and no other", async () => {
    const library = new Library();
    const { api } = pair(library);
    using book = await api.book();
    await api.see(book);
    await api.see(api.later());
    await api.see(new RpcStub(new Book()) as any);
    expect(library.seen).toEqual([library.own, library.own, undefined]);
    expect(targetOf(book)).toBeUndefined();
  });
});

describe("weakStub", () => {
  test("gives a stub while others are left, and doesn't keep the target", async () => {
    const book = new Book();
    const stub = new RpcStub(book);
    const weak = weakStub(stub)!;
    const again = weak.deref()!;
    stub[Symbol.dispose]();
    expect([await again.title(), book.disposed]).toEqual(["Emma", 0]);
    again[Symbol.dispose]();
    expect([weak.deref(), book.disposed]).toEqual([undefined, 1]);
  });

  test("gives none for a capability that was declared broken", () => {
    const book = new Book();
    const stub = new RpcStub(book);
    const weak = weakStub(stub)!;
    breakStub(book, new Error("gone"));
    expect(weak.deref()).toBeUndefined();
    stub[Symbol.dispose]();
    expect(book.disposed).toBe(1);
  });

  test("doesn't keep a capability that the program has forgotten", async () => {
    const make = () => {
      const book = new Book();
      return { weak: weakStub(new RpcStub(book))!, target: new WeakRef(book) };
    };
    const { weak, target } = make();
    await vi.waitUntil(() => {
      gc();
      return target.deref() === undefined;
    });
    expect(weak.deref()).toBeUndefined();
  });

  test("exists for capabilities of this process only", async () => {
    const { api } = pair(new Library());
    using book = await api.book();
    expect(weakStub(book)).toBeUndefined();
  });
});
