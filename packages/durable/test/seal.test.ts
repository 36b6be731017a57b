import { RpcStub, RpcTarget } from "@capnweb/core";
import { describe, expect, test } from "vitest";
import { Durable, RestoreError, restore, restoreParams, UnsealableError } from "../src/index.ts";
import { Clock, classes, codeOf, connect, Folder, Note, newDurable, newKeys } from "./support.ts";

describe("seal and unseal", () => {
  test("recreate an object of the same class with the same params, in another instance", async () => {
    const keys = newKeys();
    const params = {
      text: "ä\0\u{1f600}",
      when: new Date(5),
      big: 7n,
      bytes: Buffer.from([1, 2]),
      list: [undefined, null, [], Number.NaN],
      url: new URL("https://example.com/"),
    };
    const token = await newDurable({ keys }).seal(new Note(params));
    using note = await newDurable({ keys }).unseal<Note>(token);
    const { [Symbol.dispose]: _, ...restored } = await note.params();
    expect(restored).toEqual(params);
  });

  test("take a stub for its object, and leave it to the caller", async () => {
    const durable = newDurable();
    const note = new RpcStub(new Note(1));
    const token = await durable.seal(note);
    using again = await durable.unseal<Note>(token);
    expect(await again.params()).toBe(1);
    expect(await note.params()).toBe(1);
  });

  test("give the class the identity, and the facts of the token", async () => {
    const clock = new Clock();
    const durable = newDurable({ now: clock.now });
    const token = await durable.seal(new Note(1), {
      owner: "ada",
      audience: "ada's phone",
      expiresIn: 1000,
    });
    using note = await durable.unseal<Note>(token, {
      audience: "ada's phone",
      identity: { name: "ada" },
    });
    const facts = { owner: "ada", audience: "ada's phone", issued: clock.time };
    const { id, keyId, className } = await durable.inspect(token);
    expect(await note.context()).toMatchObject({
      ...facts,
      identity: { name: "ada" },
      tokenId: id,
      expires: clock.time + 1000,
    });
    expect([keyId, className]).toEqual(["k1", "note"]);
  });

  test("make a text that a URL can contain, and that differs each time", async () => {
    const durable = newDurable();
    const note = new Note({ secret: "pssst" });
    const [one, two] = [await durable.seal(note), await durable.seal(note)];
    expect(one).toMatch(/^cwd1_[\w-]+$/);
    expect(encodeURIComponent(one!)).toBe(one);
    expect(one).not.toBe(two);
    expect(atob(one!.slice(5).replace(/-/g, "+").replace(/_/g, "/"))).not.toContain("pssst");
  });

  test("seal the params of the moment of the call", async () => {
    const durable = newDurable();
    const params = { list: [1] };
    const sealing = durable.seal(new Note(params));
    params.list.push(2);
    using note = await durable.unseal<Note>(await sealing);
    expect((await note.params()).list).toEqual([1]);
  });
});

describe("capabilities that can't be sealed", () => {
  class Other extends RpcTarget {}
  class Special extends Note {}
  const reasons = async (capability: any, durable = newDurable()) => {
    const error = await durable.seal(capability).then(undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnsealableError);
    return (error as Error).message;
  };

  test("are those of other classes, and of classes derived from a durable one", async () => {
    expect(await reasons(new Other())).toContain("Other isn't among the durable classes");
    expect(await reasons(new RpcStub(new Special(1)))).toContain("Special isn't among");
  });

  test("are those of peers, functions, plain values and stubs that were disposed of", async () => {
    const disposed = new RpcStub(new Note(1));
    disposed[Symbol.dispose]();
    const remote = await connect({ note: new Note(1) })["note"];
    for (const each of [remote, disposed, { a: 1 }, new RpcStub({ a: 1 }), "text", null]) {
      expect(await reasons(each)).toContain("Only targets of this process");
    }
    expect(await reasons(new RpcStub(() => 1))).toContain("isn't among");
  });

  test("are those whose params can't travel, or are too large", async () => {
    expect(await reasons(new Note(() => 1))).toContain("Only targets of this process");
    expect(await reasons(new Note(Symbol("s")))).toContain("can't travel");
    expect(await reasons(new Note(new ReadableStream()))).toContain("can't travel");
    expect(await reasons(new Note("x".repeat(4096)))).toContain("maxTokenSize");
    expect(await reasons(new Note(new Other()))).toContain("Other isn't among");
    let deep: unknown = 1;
    for (let i = 0; i < 300; i++) deep = [deep];
    expect(await reasons(new Note(deep))).toContain("can't travel");
  });

  test("are those that hold themselves, or more objects than allowed", async () => {
    const holder: { self?: unknown } = {};
    const note = new Note(holder);
    holder.self = note;
    expect(await reasons(note)).toContain("maxNested");
    const notes = [1, 2, 3].map((each) => new Note(each));
    expect(await reasons(new Note(notes), newDurable({ maxNested: 2 }))).toContain("maxNested");
  });
});

describe("objects in params", () => {
  test("are sealed along with the object, at any depth", async () => {
    const keys = newKeys();
    const inner = new Folder(new RpcStub(new Note("deep")));
    const outer = new Folder(new RpcStub(inner));
    const token = await newDurable({ keys }).seal(outer);
    using folder = await newDurable({ keys }).unseal<Folder>(token);
    expect(await folder.child().child().params()).toBe("deep");
  });

  test("are disposed of with the object", async () => {
    const durable = newDurable();
    const token = await durable.seal(new Folder(new RpcStub(new Note("inner of a folder"))));
    const folder = await durable.unseal(token);
    folder[Symbol.dispose]();
    expect(Note.disposed).toContain("inner of a folder");
  });

  test("can be sealed again, although they were restored", async () => {
    const durable = newDurable();
    const token = await durable.seal(new Folder(new RpcStub(new Note("again"))));
    using folder = await durable.unseal(token);
    using twice = await durable.unseal(await durable.seal(folder));
    expect(await twice.child().params()).toBe("again");
  });

  test("fail the whole, and those that were restored are disposed of", async () => {
    class Failing extends Note {
      static override [restore]() {
        return Promise.reject(new Error("no such note"));
      }
    }
    const durable = newDurable({ classes: { ...classes, failing: Failing } });
    const list = [new Note("a sibling"), new Failing("fails")];
    const error = await durable.unseal(await durable.seal(new Note(list))).catch((each) => each);
    expect(error).toBeInstanceOf(RestoreError);
    expect(Note.disposed).toContain("a sibling");
  });
});

describe("the names of classes", () => {
  test("don't depend on the names in code", async () => {
    const keys = newKeys();
    const token = await newDurable({ keys }).seal(new Note(1));
    class Renamed extends RpcTarget {
      static [restore]() {
        return new Renamed();
      }
      [restoreParams]() {}
      version() {
        return 2;
      }
    }
    const next = new Durable({ classes: { memo: Renamed, note: Renamed }, keys });
    using stub = await next.unseal<Renamed>(token);
    expect(await stub.version()).toBe(2);
    expect((await next.inspect(await next.seal(stub))).className).toBe("memo");
  });

  test("that are gone refuse a token, in its params too", async () => {
    const keys = newKeys();
    const durable = newDurable({ keys });
    const [outer, inner] = [
      await durable.seal(new Note(1)),
      await durable.seal(new Folder(new RpcStub(new Note(1)))),
    ];
    const next = newDurable({ keys, classes: { folder: Folder } });
    expect(await codeOf(next.unseal(outer))).toBe("DURABLE_UNKNOWN_CLASS");
    expect(await codeOf(next.unseal(inner))).toBe("DURABLE_UNKNOWN_CLASS");
  });

  test("of objects of all classes aren't names of durable classes", async () => {
    const keys = newKeys();
    const make = (name: string) => newDurable({ keys, classes: { [name]: Note } });
    for (const name of ["constructor", "toString", "__proto__"]) {
      const token = await make(name)
        .seal(new Note(1))
        .catch(() => undefined);
      if (token)
        expect(await codeOf(newDurable({ keys }).unseal(token))).toBe("DURABLE_UNKNOWN_CLASS");
    }
  });

  test("need both methods", () => {
    class Half extends RpcTarget {
      static [restore]() {
        return new Half();
      }
    }
    expect(() => newDurable({ classes: { half: Half as never } })).toThrow('"half" needs a static');
  });
});
