import { describe, expect, test } from "vitest";
import { generateSecret, KeyRing } from "../src/index.ts";
import { codeOf, Note, newDurable } from "./support.ts";

const key = (id: string) => ({ id, secret: generateSecret() });

describe("rotation of keys", () => {
  test("keeps tokens of older keys until they are retired", async () => {
    const [old, next] = [key("old"), key("next")];
    const keys = new KeyRing([old]);
    const durable = newDurable({ keys });
    const before = await durable.seal(new Note(1));
    keys.add(next);
    const between = await durable.seal(new Note(1));
    keys.rotateTo("next");
    const after = await durable.seal(new Note(1));
    const ids = [before, between, after].map(async (token) => (await durable.inspect(token)).keyId);
    expect(await Promise.all(ids)).toEqual(["old", "old", "next"]);
    expect(await codeOf(durable.unseal(before))).toBeUndefined();
    keys.retire("old");
    expect(await codeOf(durable.unseal(before))).toBe("DURABLE_UNKNOWN_KEY");
    expect(await codeOf(durable.unseal(after))).toBeUndefined();
  });

  test("works between processes in any order, once all of them have the new key", async () => {
    const [old, next] = [key("old"), key("next")];
    const one = newDurable({ keys: new KeyRing([next, old]) });
    const other = newDurable({ keys: new KeyRing([old, next]) });
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      expect(await codeOf(to.unseal(await from.seal(new Note(1))))).toBeUndefined();
    }
  });

  test("doesn't take a key for another with the same id", async () => {
    const [one, other] = [
      newDurable({ keys: new KeyRing([key("k")]) }),
      newDurable({ keys: new KeyRing([key("k")]) }),
    ];
    expect(await codeOf(other.unseal(await one.seal(new Note(1))))).toBe("DURABLE_FORGED");
  });

  test("doesn't take a token for one of another key, although both have the same secret", async () => {
    const { secret } = key("a");
    const durable = newDurable({
      keys: new KeyRing([
        { id: "a", secret },
        { id: "b", secret },
      ]),
    });
    const bytes = Buffer.from((await durable.seal(new Note(1))).slice(5), "base64url");
    bytes[1] = "b".charCodeAt(0);
    const token = `cwd1_${bytes.toString("base64url")}`;
    expect(await codeOf(durable.unseal(token))).toBe("DURABLE_FORGED");
  });

  test("can't leave a ring without the key that seals", () => {
    const keys = new KeyRing([key("a")]);
    expect(() => keys.retire("a")).toThrow("Rotate to another");
    expect(() => keys.rotateTo("b")).toThrow('no key "b"');
    expect(() => keys.add(key("a"))).toThrow('"a" already');
    expect(() => new KeyRing([])).toThrow("at least one key");
  });
});

describe("a secret", () => {
  test("is 32 random bytes, as text or bytes, or a CryptoKey", async () => {
    const secret = generateSecret();
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(generateSecret()).not.toBe(secret);
    const bytes = new Uint8Array(Buffer.from(secret, "base64url"));
    const cryptoKey = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
    const token = await newDurable({ keys: new KeyRing([{ id: "k", secret }]) }).seal(new Note(1));
    for (const same of [bytes, Buffer.from(bytes), cryptoKey]) {
      const durable = newDurable({ keys: new KeyRing([{ id: "k", secret: same }]) });
      expect(await codeOf(durable.unseal(token))).toBeUndefined();
    }
  });

  test("that is too short or of another kind is refused, and never shown", async () => {
    const aes = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, [
      "encrypt",
    ]);
    const secrets = [
      "",
      "password",
      generateSecret().slice(1),
      `${generateSecret()}=`,
      new Uint8Array(31),
      aes,
    ];
    for (const secret of secrets) {
      expect(() => new KeyRing([{ id: "k", secret }])).toThrow(TypeError);
      expect(() => new KeyRing([{ id: "k", secret }])).not.toThrow("password");
    }
  });

  test.each(["", "a b", "ä", "x".repeat(33), "a/b"])("can't have the id %j", (id) => {
    expect(() => new KeyRing([key(id)])).toThrow("The key id");
  });
});
