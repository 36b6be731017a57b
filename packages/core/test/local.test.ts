import { describe, expect, test } from "vitest";
import { RpcPromise, RpcStub, RpcTarget } from "../src/index.ts";
import { failure } from "./support/failure.ts";
import { settle } from "./support/pair.ts";
import { Resources } from "./support/resources.ts";
import { printedErrors } from "./support/unhandled.ts";

class Counter extends RpcTarget {
  #count = 0;
  increment(by = 1) {
    this.#count += by;
    return this.#count;
  }
  get count() {
    return this.#count;
  }
}

describe("a stub without a session", () => {
  test("calls, reads and pipelines as a remote one does", async () => {
    class Main extends RpcTarget {
      counter() {
        return new Counter();
      }
    }
    const main = new RpcStub(new Main());
    const counter = main.counter();
    expect(await counter.increment(2)).toBe(2);
    expect(await counter.count).toBe(2);
    expect(await (await counter).increment()).toBe(3);
  });

  test("copies arguments, so that the callee's changes don't show", async () => {
    const list = [1, { deep: [2] }];
    const stub = new RpcStub((received: any) => {
      received[1].deep.push(3);
      received.push(4);
      return received;
    });
    expect(await stub(list)).toEqual([1, { deep: [2, 3] }, 4]);
    expect(list).toEqual([1, { deep: [2] }]);
  });

  test("of an object reaches only the object's own properties", async () => {
    const stub = new RpcStub({ a: { b: 5 }, f: (x: number) => x + 1 }) as any;
    expect(await stub.a.b).toBe(5);
    expect(await stub.f(1)).toBe(2);
    expect(await stub.a.toString2).toBe(undefined);
  });

  test("runs the target's disposer once, when the last stub goes", async () => {
    const resources = new Resources();
    const stub = new RpcStub(resources.make("target")) as any;
    const copy = stub.dup();
    stub[Symbol.dispose]();
    stub[Symbol.dispose]();
    expect(resources.disposed).toEqual([]);
    expect(await copy.use()).toBe("used target");
    copy[Symbol.dispose]();
    expect(resources.disposed).toEqual(["target"]);
    expect((await failure(copy.use())).message).toMatch(/after it has been disposed/);
  });

  test("reports a disposer that throws to the console, and does no harm", async () => {
    const printed = await printedErrors(() => {
      const stub = new RpcStub(
        new (class extends RpcTarget {
          [Symbol.dispose]() {
            throw new Error("clumsy");
          }
        })(),
      ) as any;
      stub[Symbol.dispose]();
    });
    expect(printed).toMatchObject([{ message: "clumsy" }]);
  });
});

describe("a promise without a session", () => {
  test("of a stub stands for the stub's target", async () => {
    const counter = new RpcPromise<Counter>(Promise.resolve(new RpcStub(new Counter())) as never);
    expect(await counter.increment(4)).toBe(4);
    expect(await counter.count).toBe(4);
  });

  test("is filled in, in arguments and results", async () => {
    const stub = new RpcStub((value: unknown) => ({ got: value, later: new RpcPromise(later()) }));
    const later = async () => "later";
    const result = (await stub({ inside: [new RpcPromise(Promise.resolve(7))] })) as any;
    expect(result).toEqual({ got: { inside: [7] }, later: "later" });
  });

  test("that rejects unused is reported nowhere", async () => {
    const promise = new RpcPromise(Promise.reject(new Error("unnoticed")));
    await settle();
    expect((await failure(promise)).message).toBe("unnoticed");
  });
});

describe("the appearance of a stub", () => {
  const stub = new RpcStub(new Counter()) as any;

  test("is that of a function, an instance of RpcStub, and no promise", () => {
    expect(typeof stub).toBe("function");
    expect(stub instanceof RpcStub).toBe(true);
    expect(stub instanceof RpcPromise).toBe(false);
    expect(stub.increment instanceof RpcPromise).toBe(true);
    expect(stub.then).toBe(undefined);
    expect(String(stub)).toBe("[object RpcStub]");
    expect(Object.keys(stub)).toEqual([]);
    expect("anything" in stub).toBe(true);
  });

  test.each([
    ["assigning", () => (stub.x = 1), "Can't assign properties on RPC stubs."],
    ["deleting", () => delete stub.x, "Can't delete properties on RPC stubs."],
    [
      "defining",
      () => Object.defineProperty(stub, "x", { value: 1 }),
      "Can't define properties on RPC stubs.",
    ],
    ["constructing", () => new stub(), "not a constructor"],
  ])("is kept by refusing %s", (_, use, message) => {
    expect(use).toThrow(message);
  });
});
