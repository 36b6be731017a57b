import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RpcStub } from "@capnweb/core";
import Database from "libsql";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Durable,
  MemoryRevocationStore,
  type RevocationStore,
  restore,
  TokenRevokedError,
} from "../src/index.ts";
import {
  openSqliteStore,
  type SqliteDatabase,
  SqliteRevocationStore,
} from "../src/sqlite/index.ts";
import { Clock, Counter, classes, codeOf, connect, Note, newDurable, newKeys } from "./support.ts";

function newFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "capnweb-durable-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "revocations.db");
}

/** The stores, and the number of entries after which each of them forgets those that expired. */
const stores: [string, number, () => RevocationStore | Promise<RevocationStore>][] = [
  ["memory", 4000, () => new MemoryRevocationStore()],
  [
    "an SQLite file",
    1,
    async () => {
      const store = await openSqliteStore(newFile());
      onTestFinished(() => store[Symbol.dispose]());
      return store;
    },
  ],
];

describe.each(stores)("revocation with a store in %s", (_name, entries, open) => {
  test("ends one token, and no other of the same object", async () => {
    const durable = newDurable({ store: await open() });
    const note = new Note(1);
    const [one, other] = [await durable.seal(note), await durable.seal(note)];
    await durable.revoke(one);
    await durable.revoke(one);
    expect(await codeOf(durable.unseal(one))).toBe("DURABLE_REVOKED");
    expect(await codeOf(durable.unseal(other))).toBeUndefined();
    await durable.revoke({ id: (await durable.inspect(other)).id });
    expect(await codeOf(durable.unseal(other))).toBe("DURABLE_REVOKED");
  });

  test("ends all tokens of an owner so far, and none of later or of others", async () => {
    const durable = newDurable({ store: await open() });
    const seal = (owner?: string) => durable.seal(new Note(1), { owner });
    const before = [await seal("ada"), await seal("ada")];
    const others = [await seal("bob"), await seal()];
    await durable.revokeOwner("ada");
    const after = await seal("ada");
    for (const token of before) expect(await codeOf(durable.unseal(token))).toBe("DURABLE_REVOKED");
    for (const token of [...others, after]) {
      expect(await codeOf(durable.unseal(token))).toBeUndefined();
    }
    await durable.revokeOwner("ada");
    expect(await codeOf(durable.unseal(after))).toBe("DURABLE_REVOKED");
    expect(await codeOf(durable.unseal(await seal("ada")))).toBeUndefined();
  });

  test("is exact although the clocks of processes differ, or are set back", async () => {
    const store = await open();
    const keys = newKeys();
    const [fast, slow] = [new Clock(), new Clock()];
    fast.time += 3_600_000;
    const [one, other] = [fast, slow].map(({ now }) => newDurable({ store, keys, now }));
    const early = await one!.seal(new Note(1), { owner: "ada" });
    await other!.revokeOwner("ada");
    expect(await codeOf(one!.unseal(early))).toBe("DURABLE_REVOKED");
    await one!.revokeOwner("ada");
    const late = await other!.seal(new Note(1), { owner: "ada" });
    expect(await codeOf(other!.unseal(late))).toBeUndefined();
    slow.time -= 1_000_000_000;
    await other!.revokeOwner("ada");
    expect(await codeOf(one!.unseal(late))).toBe("DURABLE_REVOKED");
  });

  test("is forgotten once the tokens have expired, and not before", async () => {
    const clock = new Clock();
    const store = await open();
    const durable = newDurable({ store, now: clock.now, maxLifetime: 10_000, expiresIn: 10_000 });
    const short = await durable.seal(new Note(1), { expiresIn: 1000, owner: "ada" });
    const long = await durable.seal(new Note(1), { owner: "bob" });
    const { id } = await durable.inspect(short);
    await durable.revoke(short);
    await durable.revokeOwner("ada");
    await durable.revokeOwner("bob");
    /** Has the store look for expired entries, which it does now and then. */
    const sweep = () => {
      for (let i = 0; i < entries; i++) store.revokeToken(`${i}`, clock.time - 1, clock.time);
    };
    clock.time += 999;
    sweep();
    expect((await store.find(id, "ada")).isRevoked).toBe(true);
    clock.time += 1;
    sweep();
    expect((await store.find(id, "ada")).isRevoked).toBe(false);
    clock.time += 8999;
    sweep();
    expect(await codeOf(durable.unseal(long))).toBe("DURABLE_REVOKED");
    expect((await store.find(id, "ada")).generation).toBeGreaterThan(0);
    clock.time += 1;
    sweep();
    expect((await store.find(id, "ada")).generation).toBe(0);
    expect(await codeOf(durable.unseal(long))).toBe("DURABLE_EXPIRED");
  });

  test("takes any text as an owner, and tokens that never expire", async () => {
    const durable = newDurable({
      store: await open(),
      maxLifetime: Number.POSITIVE_INFINITY,
      expiresIn: Number.POSITIVE_INFINITY,
    });
    for (const owner of ["", "constructor", "a'; DROP TABLE x; --", "\u{1f600}\0", "__proto__"]) {
      const token = await durable.seal(new Note(1), { owner });
      await durable.revokeOwner(owner);
      expect(await codeOf(durable.unseal(token))).toBe("DURABLE_REVOKED");
    }
  });
});

describe("a store in an SQLite file", () => {
  test("is shared by those who open the file, at once", async () => {
    const file = newFile();
    const keys = newKeys();
    const one = new SqliteRevocationStore(new Database(file) as unknown as SqliteDatabase);
    const other = await openSqliteStore(file);
    const token = await newDurable({ keys, store: one }).seal(new Note(1), { owner: "ada" });
    await newDurable({ keys, store: other }).revokeOwner("ada");
    expect(await codeOf(newDurable({ keys, store: one }).unseal(token))).toBe("DURABLE_REVOKED");
    one[Symbol.dispose]();
    other[Symbol.dispose]();
    using reopened = await openSqliteStore(file);
    expect(await codeOf(newDurable({ keys, store: reopened }).unseal(token))).toBe(
      "DURABLE_REVOKED",
    );
  });
});

describe("a store that fails", () => {
  const failing = (): never => {
    throw new Error("disk full");
  };
  const store = { find: failing, revokeToken: failing, revokeOwner: () => Promise.reject(failing) };

  test("refuses every token, and says why to the operator", async () => {
    const keys = newKeys();
    const durable = newDurable({ keys, store: store as never });
    const token = await newDurable({ keys }).seal(new Note(1));
    const error = await durable.unseal(token).catch((each) => each);
    expect(error).toMatchObject({
      code: "DURABLE_STORE",
      message: "This token can't be used here.",
      cause: { cause: { message: "disk full" } },
    });
    expect(await codeOf(durable.revoke(token))).toBe("DURABLE_STORE");
    expect(await codeOf(durable.revokeOwner("ada"))).toBe("DURABLE_STORE");
    expect(await codeOf(durable.seal(new Note(1), { owner: "ada" }))).toBe("DURABLE_STORE");
    expect(await codeOf(durable.seal(new Note(1)))).toBeUndefined();
  });
});

describe("capabilities that came from a revoked token", () => {
  test("break, here and at peers, and no others do", async () => {
    const durable = newDurable();
    const note = new Note("revoked while in use");
    const [one, other] = [await durable.seal(note, { owner: "ada" }), await durable.seal(note)];
    const api = connect({ open: (token: string) => durable.unseal(token) });
    const [revoked, kept] = [await api.open(one), await api.open(other)];
    const broken = new Promise<any>((resolve) => revoked.onRpcBroken(resolve));
    await durable.revokeOwner("ada");
    expect((await broken).message).toBe("This token can't be used here.");
    expect(await codeOf(revoked.params())).toBe("DURABLE_REVOKED");
    expect(await kept.params()).toBe("revoked while in use");
  });

  test("are never handed out, if the token is revoked while they are restored", async () => {
    let go = () => {};
    const waiting = new Promise<void>((resolve) => {
      go = resolve;
    });
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    class Slow extends Note {
      static override async [restore](params: unknown) {
        begin();
        await waiting;
        return new Slow(params);
      }
    }
    const durable = newDurable({ classes: { ...classes, slow: Slow } });
    const token = await durable.seal(new Slow("revoked meanwhile"));
    const unsealing = durable.unseal(token).catch((error: unknown) => error);
    await begun;
    await durable.revoke(token);
    go();
    expect(await unsealing).toBeInstanceOf(TokenRevokedError);
    expect(Note.disposed).toContain("revoked meanwhile");
  });

  test.each([
    ["a token", (durable: Durable, token: string) => durable.revoke(token)],
    ["an owner", (durable: Durable) => durable.revokeOwner("ada")],
  ])("break, if the store of %s learns of it after the unsealing", async (_, revoke) => {
    const store = new MemoryRevocationStore();
    let learn = () => {};
    const learning = new Promise<void>((resolve) => {
      learn = resolve;
    });
    const durable = newDurable({
      store: {
        find: (...args) => store.find(...args),
        revokeToken: (...args) => learning.then(() => store.revokeToken(...args)),
        revokeOwner: (...args) => learning.then(() => store.revokeOwner(...args)),
      },
    });
    const token = await durable.seal(new Note(1), { owner: "ada" });
    const revoking = revoke(durable, token);
    // The token isn't read at once.
    await durable.inspect(token);
    using note = await durable.unseal<Note>(token);
    learn();
    await revoking;
    expect(await codeOf(note.params())).toBe("DURABLE_REVOKED");
  });

  test("stay, if the class has given its own stub away to others too", async () => {
    const common = new RpcStub(new Note("common"));
    class Common extends Note {
      static override [restore]() {
        return common.dup() as object;
      }
    }
    const durable = newDurable({ classes: { common: Common } });
    const token = await durable.seal(new Common(1));
    using note = await durable.unseal<Note>(token);
    await durable.revoke(token);
    expect([await note.params(), await common.params()]).toEqual(["common", "common"]);
  });

  test("stay, if other tokens share the object", async () => {
    const durable = newDurable();
    const token = await durable.seal(new Counter("shared and revoked"));
    using one = await durable.unseal<Counter>(token);
    await durable.revoke(token);
    expect(await one.increment()).toBe(1);
    expect(await codeOf(durable.unseal(token))).toBe("DURABLE_REVOKED");
  });

  test("are forgotten when they are disposed of, so that nothing grows", async () => {
    const durable = newDurable();
    const token = await durable.seal(new Note(1));
    for (let i = 0; i < 500; i++) (await durable.unseal(token))[Symbol.dispose]();
    using last = await durable.unseal<Note>(token);
    await durable.revoke(token);
    expect(await codeOf(last.params())).toBe("DURABLE_REVOKED");
  });
});
