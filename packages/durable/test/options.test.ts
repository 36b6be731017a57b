import { describe, expect, test } from "vitest";
import { KeyRing, offerDurable } from "../src/index.ts";
import { classes, Note, newDurable, newKeys } from "./support.ts";

/** Runs code without types, as a program in JavaScript does. */
const any = (value: unknown) => value as any;

describe("Options that a program in JavaScript mistypes", () => {
  test.each([
    [{ storee: {} }, 'no option "storee". Did you mean "store"?'],
    [{ store: {} }, '"store" must be a RevocationStore with find(), revokeToken()'],
    [{ keys: [{ id: "1" }] }, '"keys" must be a KeyRing, made with new KeyRing('],
    [{ keys: undefined }, '"keys" must be a KeyRing'],
    [{ classes: [Note] }, '"classes" must be an object of classes by their names'],
    [{ expiresIn: "5" }, '"expiresIn" must be a number of milliseconds, not "5"'],
    [{ restoreTimeout: "1s" }, '"restoreTimeout" must be a number of milliseconds'],
  ])("new Durable(%j) throws", (options, message) => {
    expect(() => newDurable(any(options))).toThrow(message);
  });

  test("sealing, unsealing and revoking throw", async () => {
    const durable = newDurable();
    const note = new Note(1);
    await expect(durable.seal(note, any({ owner: 5 }))).rejects.toThrow('"owner" must be a text');
    await expect(durable.seal(note, any({ ownr: "a" }))).rejects.toThrow('"owner"?');
    const token = await durable.seal(note);
    await expect(durable.unseal(token, any({ audience: 5 }))).rejects.toThrow('"audience" must be');
    await expect(durable.revokeOwner(any(5))).rejects.toThrow('"owner" must be a text, not 5');
  });

  test("offers and key rings throw", () => {
    const durable = newDurable();
    expect(() => offerDurable(new Note(1), durable, any({ alow: 1 }))).toThrow('"allow"?');
    expect(() => offerDurable(new Note(1), any({}))).toThrow("takes a Durable");
    expect(() => new KeyRing(any({ id: "1" }))).toThrow("takes an array of keys");
    expect(() => newDurable({ classes, keys: newKeys() })).not.toThrow();
  });
});
