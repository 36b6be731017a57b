import { RpcStub, RpcTarget } from "@capnweb/core";
import { describe, expect, test, vi } from "vitest";
import { type RestoreContext, restore, restoreParams, shareKey } from "../src/index.ts";
import { Counter, classes, codeOf, Folder, Note, newDurable } from "./support.ts";

/** A class whose restores a test ends. */
function controlled() {
  const running: {
    params: any;
    signal: AbortSignal;
    resolve(): void;
    reject(error: unknown): void;
  }[] = [];
  class Slow extends Note {
    static override [restore](params: unknown, { signal }: RestoreContext<any>) {
      return new Promise<object>((resolve, reject) => {
        running.push({ params, signal, resolve: () => resolve(new Slow(params)), reject });
      });
    }
  }
  return { running, Slow, classes: { ...classes, slow: Slow } };
}

function withResolvers() {
  let reject = (_error: unknown): void => {};
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  return { promise, reject };
}

describe("[restore]", () => {
  test("may be of a record in place of the class, with state of the server", async () => {
    const made: unknown[] = [];
    const note = {
      name: "Note",
      prototype: Note.prototype,
      [restore](params: unknown) {
        made.push(params);
        return new Note(params);
      },
    };
    const durable = newDurable({ classes: { note } });
    using again = await durable.unseal(await durable.seal(new Note("text")));
    expect(await again.params()).toBe("text");
    expect(made).toEqual(["text"]);
  });

  test("may refuse, and only the operator learns why", async () => {
    class Members extends Note {
      static override [restore](params: unknown, { identity }: RestoreContext<any>) {
        if (identity?.name !== "ada") throw new Error(`${identity?.name} isn't a member.`);
        return new Members(params);
      }
    }
    const durable = newDurable({ classes: { members: Members } });
    const token = await durable.seal(new Members(1));
    expect(await codeOf(durable.unseal(token, { identity: { name: "ada" } }))).toBeUndefined();
    const error = await durable.unseal(token, { identity: { name: "bob" } }).catch((each) => each);
    expect(error).toMatchObject({
      code: "DURABLE_RESTORE",
      message: "This token can't be used here.",
      cause: { cause: { message: "bob isn't a member." } },
    });
  });

  test.each([[undefined], [null], [5], ["text"], [{}], [[]]])(
    "that returns %j fails",
    async (result) => {
      class Wrong extends Note {
        static override [restore]() {
          return result as never;
        }
      }
      const durable = newDurable({ classes: { wrong: Wrong } });
      expect(await codeOf(durable.unseal(await durable.seal(new Wrong(1))))).toBe(
        "DURABLE_RESTORE",
      );
    },
  );

  test.each([["a text"], [undefined], [Object.create(null)]])("may throw %o", async (thrown) => {
    class Throwing extends Note {
      static override [restore](): never {
        throw thrown;
      }
    }
    const durable = newDurable({ classes: { throwing: Throwing } });
    const token = await durable.seal(new Throwing(1));
    expect(await codeOf(durable.unseal(token))).toBe("DURABLE_RESTORE");
  });

  test("may return a stub, or a function", async () => {
    class Indirect extends Note {
      static override [restore](params: any) {
        return params === "stub" ? (new RpcStub(new Note("by a stub")) as object) : () => "called";
      }
    }
    const durable = newDurable({ classes: { indirect: Indirect } });
    using note = await durable.unseal<Note>(await durable.seal(new Indirect("stub")));
    expect(await note.params()).toBe("by a stub");
    using call = await durable.unseal<() => string>(await durable.seal(new Indirect("function")));
    expect(await call()).toBe("called");
  });

  test.each([
    ["owners", (who: string) => ({ owner: who }), () => ({})],
    ["identities", () => ({}), (who: string) => ({ identity: who })],
    ["audiences", (who: string) => ({ audience: who }), (who: string) => ({ audience: who })],
  ])("serves different %s in turn, and refuses the longest queue", async (_, sealing, using) => {
    const { running, Slow, classes } = controlled();
    const durable = newDurable({ classes, maxRestores: 1, maxWaitingRestores: 3 });
    const unseal = async (who: string) =>
      durable.unseal(await durable.seal(new Slow(who), sealing(who) as any), using(who) as any);
    let refused = 0;
    for (let i = 0; i < 5; i++) {
      unseal("mallory").then(
        (stub) => stub[Symbol.dispose](),
        () => refused++,
      );
    }
    await vi.waitUntil(() => refused === 1);
    const victim = codeOf(unseal("ada"));
    await vi.waitUntil(() => refused === 2);
    for (let i = 0; i < 4; i++) {
      await vi.waitUntil(() => running.length === i + 1);
      running[i]!.resolve();
    }
    expect(await victim).toBeUndefined();
    expect(running.map(({ params }) => params)).toEqual(["mallory", "mallory", "ada", "mallory"]);
  });

  test("of one owner leaves places for others, even if it never ends", async () => {
    const { running, Slow, classes } = controlled();
    const durable = newDurable({ classes, maxRestores: 8 });
    const unseal = async (owner: string) =>
      durable.unseal(await durable.seal(new Slow(owner), { owner }));
    const mallory = Array.from({ length: 10 }, () => unseal("mallory"));
    await vi.waitUntil(() => running.length === 4);
    const others = ["ada", "ben"].map((owner) => unseal(owner));
    await vi.waitUntil(() => running.length === 6);
    expect(new Set(running.slice(4).map(({ params }) => params))).toEqual(new Set(["ada", "ben"]));
    // Once the others have ended, the owner gets no more than before.
    for (const { resolve } of running.slice(4)) resolve();
    for (const each of others) (await each)[Symbol.dispose]();
    expect(running).toHaveLength(6);
    for (let i = 0; i < 12; i++) {
      await vi.waitUntil(() => running.length > i);
      running[i]!.resolve();
    }
    for (const each of mallory) (await each)[Symbol.dispose]();
  });

  test("runs a bounded number of times at once, in order, and refuses more than may wait", async () => {
    const { running, Slow, ...options } = controlled();
    const durable = newDurable({ ...options, maxRestores: 2, maxWaitingRestores: 2 });
    const tokens = await Promise.all([0, 1, 2, 3, 4].map((each) => durable.seal(new Slow(each))));
    const unsealed = tokens.map((token) => durable.unseal<Note>(token));
    const codes = unsealed.map(codeOf);
    await vi.waitUntil(() => running.length === 2);
    expect(await Promise.race(codes)).toBe("DURABLE_BUSY");
    running[0]!.reject(new Error("failed"));
    running[1]!.resolve();
    await vi.waitUntil(() => running.length === 4);
    for (const each of running.slice(2)) each.resolve();
    const outcomes = (await Promise.all(codes)).sort();
    expect(outcomes).toEqual(["DURABLE_BUSY", "DURABLE_RESTORE", undefined, undefined, undefined]);
    // Places were given back.
    const again = durable.unseal(tokens[0]);
    await vi.waitUntil(() => running.length === 5);
    running[4]!.resolve();
    expect(await codeOf(again)).toBeUndefined();
  });

  test("of an object in params doesn't take the place that it waits for", async () => {
    const durable = newDurable({ maxRestores: 1 });
    let nested: any = new Note("innermost");
    for (let i = 0; i < 5; i++) nested = new Folder(new RpcStub(nested));
    const token = await durable.seal(nested);
    const all = await Promise.all([1, 2, 3].map(() => durable.unseal(token)));
    expect(all).toHaveLength(3);
  });

  test("that takes too long is aborted, gives its place to others, and its late result is disposed of", async () => {
    const { running, Slow, ...options } = controlled();
    const durable = newDurable({ ...options, maxRestores: 1, restoreTimeout: 1_000 });
    const token = await durable.seal(new Slow("late"));
    expect(await codeOf(durable.unseal(token))).toBe("DURABLE_RESTORE");
    expect(running[0]!.signal.aborted).toBe(true);
    expect(await codeOf(durable.unseal(await durable.seal(new Note(1))))).toBeUndefined();
    running[0]!.resolve();
    await vi.waitUntil(() => Note.disposed.includes("late"));
  });
});

describe("[shareKey]", () => {
  test("gives tokens one live object, which is restored once although they come at once", async () => {
    const durable = newDurable();
    const counter = new Counter("together");
    const tokens = [await durable.seal(counter), await durable.seal(counter)];
    const { restored } = Counter;
    const stubs = await Promise.all(
      [...tokens, ...tokens].map((each) => durable.unseal<Counter>(each)),
    );
    expect(Counter.restored).toBe(restored + 1);
    const counts = [];
    for (const stub of stubs) counts.push(await stub.increment());
    expect(counts).toEqual([1, 2, 3, 4]);
    for (const stub of stubs.slice(1)) stub[Symbol.dispose]();
    using another = await durable.unseal<Counter>(tokens[0]);
    expect(await another.increment()).toBe(5);
    expect(Counter.restored).toBe(restored + 1);
  });

  test("keeps no object alive", async () => {
    class Shared extends Note {
      static [shareKey]() {
        return "the one";
      }
    }
    const durable = newDurable({ classes: { shared: Shared } });
    const token = await durable.seal(new Shared("weakly shared"));
    const first = await durable.unseal<Note>(token);
    const second = await durable.unseal<Note>(token);
    first[Symbol.dispose]();
    expect(Note.disposed).not.toContain("weakly shared");
    expect(await second.params()).toBe("weakly shared");
    second[Symbol.dispose]();
    expect(Note.disposed).toContain("weakly shared");
    using third = await durable.unseal<Note>(token);
    expect(await third.params()).toBe("weakly shared");
  });

  test("separates identities, classes, and objects that don't share", async () => {
    class Twin extends Counter {
      static override async [restore]({ name }: { name: string }) {
        return new Twin(name);
      }
    }
    const durable = newDurable({ classes: { ...classes, twin: Twin } });
    const token = await durable.seal(new Counter("per identity"));
    const twin = await durable.seal(new Twin("per identity"));
    const alone = await durable.seal(new Counter("alone"));
    const counts = [];
    const stubs = [];
    for (const [each, identity] of [
      [token, "ada"],
      [token, "bob"],
      [token, "ada"],
      [twin, "ada"],
      [alone, "ada"],
      [alone, "ada"],
    ]) {
      const stub = await durable.unseal<Counter>(each, { identity });
      stubs.push(stub);
      counts.push(await stub.increment());
    }
    expect(counts).toEqual([1, 1, 2, 1, 1, 1]);
    for (const stub of stubs) stub[Symbol.dispose]();
  });

  test("shares a failure, and tries again afterwards", async () => {
    let attempts = 0;
    const asked = vi.fn();
    const { promise, reject } = withResolvers();
    class Flaky extends Counter {
      static override async [restore]({ name }: { name: string }) {
        if (attempts++ === 0) await promise;
        return new Flaky(name);
      }
      static override [shareKey]() {
        asked();
        return "";
      }
    }
    const durable = newDurable({ classes: { flaky: Flaky } });
    const token = await durable.seal(new Flaky("flaky"));
    const codes = [1, 2, 3].map(() => codeOf(durable.unseal(token)));
    await vi.waitUntil(() => asked.mock.calls.length === 3);
    reject(new Error("the first attempt fails"));
    expect(new Set(await Promise.all(codes))).toEqual(new Set(["DURABLE_RESTORE"]));
    expect(await codeOf(durable.unseal(token))).toBeUndefined();
    expect(attempts).toBe(2);
  });

  test("may throw, and objects that share themselves by mistake fail in time", async () => {
    class Throwing extends Note {
      static [shareKey](): never {
        throw new Error("no key");
      }
    }
    class Same extends RpcTarget {
      readonly #inner: unknown;
      constructor(inner?: unknown) {
        super();
        this.#inner = inner;
      }
      static [restore]() {
        return new Same();
      }
      static [shareKey]() {
        return "";
      }
      [restoreParams]() {
        return this.#inner;
      }
    }
    const durable = newDurable({ classes: { throwing: Throwing, same: Same }, restoreTimeout: 50 });
    const tokens = [new Throwing(1), new Same(new Same())].map((each) => durable.seal(each));
    for (const token of await Promise.all(tokens)) {
      expect(await codeOf(durable.unseal(token))).toBe("DURABLE_RESTORE");
    }
  });
});
