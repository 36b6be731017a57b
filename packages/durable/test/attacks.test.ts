import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { DurableError, type RevocationStore, restore } from "../src/index.ts";
import { Clock, classes, codeOf, Note, newDurable, newKeys } from "./support.ts";

/** Counts what tokens make a server do. */
function watched() {
  const seen = { restored: 0, lookups: 0 };
  class Watched extends Note {
    static override [restore](params: unknown, context: any) {
      seen.restored++;
      return new Watched(params, context);
    }
  }
  const store: RevocationStore = {
    find() {
      seen.lookups++;
      return { isRevoked: false, generation: 0 };
    },
    revokeToken() {},
    revokeOwner() {},
  };
  return { seen, Watched, store, classes: { ...classes, watched: Watched } };
}

/** A token with another character in its tag. The last ones may be alike, or have unused bits. */
function changed(token: string): string {
  const at = token.length - 10;
  return token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
}

describe("a forged token", () => {
  test("in a flood is one of few that are opened at once, and keeps no one else waiting", async () => {
    const durable = newDurable();
    const good = await durable.seal(new Note(1), { audience: "ada" });
    const forged = changed(good);
    const { subtle } = crypto;
    const deriveKey = subtle.deriveKey.bind(subtle) as (...args: unknown[]) => Promise<CryptoKey>;
    const running = { now: 0, most: 0 };
    const spy = vi.spyOn(subtle, "deriveKey").mockImplementation(async (...args: unknown[]) => {
      running.most = Math.max(running.most, ++running.now);
      const key = await deriveKey(...args);
      running.now--;
      return key;
    });
    onTestFinished(() => spy.mockRestore());
    let refused = 0;
    const flood = Array.from({ length: 1_000 }, async () => {
      expect(await codeOf(durable.unseal(forged, { audience: "mallory" }))).toBe("DURABLE_FORGED");
      refused++;
    });
    using _note = await durable.unseal(good, { audience: "ada" });
    expect(refused).toBeLessThan(100);
    await Promise.all(flood);
    expect(running.most).toBeLessThanOrEqual(16);
  });

  test("with any bit flipped is refused, before anything of the application runs", async () => {
    const { seen, Watched, ...options } = watched();
    const durable = newDurable(options);
    const token = await durable.seal(new Watched({ room: 42 }), { audience: "ada" });
    const bytes = Buffer.from(token.slice(5), "base64url");
    const codes = new Set<unknown>();
    for (let i = 0; i < bytes.length; i++) {
      for (const bit of [1, 16, 128]) {
        const forged = Buffer.from(bytes);
        forged[i]! ^= bit;
        const text = `cwd1_${forged.toString("base64url")}`;
        codes.add(await codeOf(durable.unseal(text, { audience: "ada" })));
      }
    }
    expect([...codes].sort()).toEqual(["DURABLE_FORGED", "DURABLE_UNKNOWN_KEY"]);
    expect(seen).toEqual({ restored: 0, lookups: 0 });
  });

  test("with any character replaced, removed or added is refused", async () => {
    const durable = newDurable();
    const token = await durable.seal(new Note(1));
    for (let i = 0; i < token.length; i++) {
      const other = token[i] === "A" ? "B" : "A";
      const [before, after] = [token.slice(0, i), token.slice(i + 1)];
      for (const text of [
        before + other + after,
        before + after,
        `${before + other}${token.slice(i)}`,
      ]) {
        expect(await codeOf(durable.unseal(text))).toMatch(/^DURABLE_(FORGED|UNKNOWN_KEY)$/);
      }
    }
  });

  test("that says the same in another way is refused", async () => {
    const durable = newDurable();
    const token = await durable.seal(new Note(1));
    const digits = token.slice(5);
    const texts = [
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      `CWD1_${digits}`,
      digits,
      `cwd2_${digits}`,
      `cwd1_${digits.replaceAll("-", "+").replaceAll("_", "/")}==`,
    ];
    for (const text of texts) expect(await codeOf(durable.unseal(text))).toBe("DURABLE_FORGED");
  });

  test("of the parts of two real tokens is refused", async () => {
    const durable = newDurable();
    const [one, two] = [await durable.seal(new Note("one")), await durable.seal(new Note("two"))];
    for (let i = 6; i < one.length; i++) {
      const text = one.slice(0, i) + two.slice(i);
      if (text === one || text === two) continue;
      expect(await codeOf(durable.unseal(text))).toBe("DURABLE_FORGED");
    }
  });

  test("can be any value at all", async () => {
    const durable = newDurable();
    const values = [
      undefined,
      null,
      5,
      {},
      [],
      "",
      "cwd1_",
      "cwd1_AA",
      { toString: () => "cwd1_" },
    ];
    for (const value of values) expect(await codeOf(durable.unseal(value))).toBe("DURABLE_FORGED");
    const any = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.base64String().map((text) => `cwd1_${text}`),
    );
    await fc.assert(
      fc.asyncProperty(any, async (value) => {
        expect(await codeOf(durable.unseal(value))).toMatch(/^DURABLE_(FORGED|UNKNOWN_KEY)$/);
      }),
    );
  });

  test("that is too long isn't even decoded", async () => {
    const durable = newDurable({ maxTokenSize: 1000 });
    const error = await durable.unseal(`cwd1_${"A".repeat(50_000_000)}`).catch((each) => each);
    expect([error.code, String(error.cause)]).toEqual([
      "DURABLE_FORGED",
      expect.stringContaining("the limit is 1000"),
    ]);
  });

  test("that another program sealed with the same secret is refused", async () => {
    const { encrypt } = await import("../src/cipher.ts");
    const keys = newKeys();
    const durable = newDurable({ keys });
    const foreign = [
      "",
      "null",
      "{}",
      "[]",
      '["note",1,2,null,null,0,null]',
      '["note",1,2,null,null,0,null,1,1]',
      "[5,1,2,null,null,0,null,1]",
      '["note","1",2,null,null,0,null,1]',
      '["note",1,2,5,null,0,null,1]',
      '["note",1,2,null,null,null,null,1]',
      '["note",1,2,null,null,0,"1",1]',
      '["note",1,"2",null,null,0,null,1]',
    ];
    for (const text of foreign) {
      const error = await durable.unseal(await encrypt(keys, text)).catch((each) => each);
      expect([error.code, String(error.cause)]).toEqual([
        "DURABLE_FORGED",
        expect.stringContaining("not by this package"),
      ]);
    }
  });
});

describe("a real token in the wrong hands", () => {
  test("is refused for another audience, and for none", async () => {
    const { seen, Watched, ...options } = watched();
    const durable = newDurable(options);
    const token = await durable.seal(new Watched(1), { audience: "ada" });
    for (const audience of ["bob", "", "Ada", "ada ", undefined]) {
      expect(await codeOf(durable.unseal(token, { audience }))).toBe("DURABLE_AUDIENCE");
    }
    expect(seen).toEqual({ restored: 0, lookups: 0 });
    using note = await durable.unseal<Note>(token, { audience: "ada" });
    expect(await note.params()).toBe(1);
  });

  test("without an audience is refused where one is expected", async () => {
    const durable = newDurable();
    const token = await durable.seal(new Note(1));
    expect(await codeOf(durable.unseal(token, { audience: "bob" }))).toBe("DURABLE_AUDIENCE");
    expect(await codeOf(durable.unseal(token))).toBeUndefined();
  });
});

describe("a token's time", () => {
  test("ends at the moment of its expiry", async () => {
    const clock = new Clock();
    const durable = newDurable({ now: clock.now });
    const token = await durable.seal(new Note(1), { expiresIn: 1000 });
    clock.time += 999;
    expect(await codeOf(durable.unseal(token))).toBeUndefined();
    clock.time += 1;
    expect(await codeOf(durable.unseal(token))).toBe("DURABLE_EXPIRED");
  });

  test("is 30 days by default, and never more than the server's maximum of now", async () => {
    const clock = new Clock();
    const keys = newKeys();
    const day = 24 * 60 * 60 * 1000;
    const generous = newDurable({ keys, now: clock.now, maxLifetime: Number.POSITIVE_INFINITY });
    const strict = newDurable({ keys, now: clock.now, maxLifetime: 10 * day });
    const usual = await generous.seal(new Note(1));
    const eternal = await generous.seal(new Note(1), { expiresIn: Number.POSITIVE_INFINITY });
    expect((await generous.inspect(usual)).expires).toBe(clock.time + 30 * day);
    expect((await generous.inspect(eternal)).expires).toBe(Number.POSITIVE_INFINITY);
    clock.time += 10 * day;
    expect(await codeOf(strict.unseal(eternal))).toBe("DURABLE_EXPIRED");
    clock.time += 100 * 365 * day;
    expect(await codeOf(generous.unseal(eternal))).toBeUndefined();
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 366 * 24 * 60 * 60 * 1000])(
    "can't be %d ms",
    async (expiresIn) => {
      await expect(newDurable().seal(new Note(1), { expiresIn })).rejects.toThrow(RangeError);
      expect(() => newDurable({ expiresIn })).toThrow(RangeError);
    },
  );
});

describe("an error", () => {
  test("says the same for every token, and has the details as its cause only", async () => {
    const clock = new Clock();
    const keys = newKeys();
    const durable = newDurable({ keys, now: clock.now });
    const expired = await durable.seal(new Note(1), { expiresIn: 1 });
    const foreign = await durable.seal(new Note(1), { audience: "ada" });
    const revoked = await durable.seal(new Note(1), { owner: "ada" });
    const stranger = await newDurable().seal(new Note(1));
    const otherKey = await newDurable({ keys: newKeys("k2") }).seal(new Note(1));
    await durable.revokeOwner("ada");
    clock.time += 1;
    const tokens = [expired, foreign, revoked, stranger, otherKey, "nonsense"];
    const errors = await Promise.all(
      tokens.map((token) => durable.unseal(token).catch((error: unknown) => error as DurableError)),
    );
    expect(errors.map((error) => (error as DurableError).code)).toEqual([
      "DURABLE_EXPIRED",
      "DURABLE_AUDIENCE",
      "DURABLE_REVOKED",
      "DURABLE_FORGED",
      "DURABLE_UNKNOWN_KEY",
      "DURABLE_FORGED",
    ]);
    for (const error of errors as DurableError[]) {
      expect(error).toBeInstanceOf(DurableError);
      expect(error.message).toBe("This token can't be used here.");
      expect(error.cause).toBeInstanceOf(Error);
      expect(Object.getOwnPropertyNames(error).sort()).toEqual(["message", "stack"]);
    }
  });
});

describe("any params", () => {
  /** Plain values that travel unchanged. */
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.date(),
      fc.uint8Array({ maxLength: 20 }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        fc.string().filter((key) => !(key in {}) && key !== "then" && key !== "toJSON"),
        tie("value"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  })).value;

  test("come back equal, with any owner and audience", async () => {
    const durable = newDurable({ maxTokenSize: 1_000_000 });
    const text = fc.string({ unit: "binary" });
    const input = fc.tuple(
      plain,
      fc.option(text, { nil: undefined }),
      fc.option(text, { nil: undefined }),
    );
    await fc.assert(
      fc.asyncProperty(input, async ([params, owner, audience]) => {
        const token = await durable.seal(new Note([params]), { owner, audience });
        using note = await durable.unseal<Note>(token, { audience });
        const [back] = await note.params();
        expect(normal(back)).toEqual(normal(params));
        expect((await durable.inspect(token)).owner).toBe(owner);
      }),
      { numRuns: 300 },
    );
  });

  /** -0 and bytes of another class compare as unequal; both are allowed to change. */
  function normal(value: any): any {
    if (value instanceof Uint8Array) return [...value];
    if (Object.is(value, -0)) return 0;
    if (Array.isArray(value)) return value.map(normal);
    if (value === null || typeof value !== "object" || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, normal(part)]));
  }
});
