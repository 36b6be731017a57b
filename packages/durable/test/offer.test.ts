import { RpcStub, RpcTarget } from "@capnweb/core";
import { describe, expect, test, vi } from "vitest";
import { KeptCapability, type KeptToken } from "../src/client/index.ts";
import { type Durable, type OfferOptions, offerDurable, restore } from "../src/index.ts";
import { Clock, classes, codeOf, connect, Note, newDurable, newKeys } from "./support.ts";

/** A main object with a login, which counts the logins. */
class Api extends RpcTarget {
  static logins = 0;
  readonly #secret = "private";

  login(password: string) {
    if (password !== "secret") throw new Error("Wrong password.");
    Api.logins++;
    return new Note(`notes of ${password}`);
  }
  other() {
    return new Other();
  }
  secret() {
    return this.#secret.length;
  }
}

class Other extends RpcTarget {}

const offer = (durable: Durable<any>, options?: OfferOptions<any>) =>
  connect(offerDurable(new Api(), durable, options));
const login = (api: any) => api.login("secret");

/** Waits until a kept capability has another token than `before`. */
async function nextToken(kept: KeptCapability<any>, before?: KeptToken): Promise<KeptToken> {
  await vi.waitUntil(() => kept.token !== undefined && kept.token !== before);
  return kept.token!;
}

describe("a kept capability", () => {
  test("comes back in a new session without a login, also after a restart of the server", async () => {
    const keys = newKeys();
    const kept = new KeptCapability<Note>(login);
    const { logins } = Api;
    const first = await kept.obtain(offer(newDurable({ keys })));
    expect(await first.params()).toBe("notes of secret");
    let token = await nextToken(kept);
    for (let restart = 0; restart < 3; restart++) {
      using again = await kept.obtain(offer(newDurable({ keys })));
      expect(await again.params()).toBe("notes of secret");
      token = await nextToken(kept, token);
    }
    expect(Api.logins).toBe(logins + 1);
  });

  test("starts with a token that another process or page has stored", async () => {
    const durable = newDurable();
    const stored: (KeptToken | undefined)[] = [];
    const kept = new KeptCapability<Note>(login, { onToken: (token) => stored.push(token) });
    using _first = await kept.obtain(offer(durable));
    await nextToken(kept);
    const { logins } = Api;
    const next = new KeptCapability<Note>(login, { token: JSON.parse(JSON.stringify(stored[0])) });
    using again = await next.obtain(offer(durable));
    expect([await again.params(), Api.logins]).toEqual(["notes of secret", logins]);
  });

  test("works although the application can't store its token", async () => {
    const onToken = () => {
      throw new Error("no storage");
    };
    const kept = new KeptCapability<Note>(login, { onToken });
    for (const keys of [newKeys(), newKeys(), newKeys()]) {
      const before = kept.token;
      using note = await kept.obtain(offer(newDurable({ keys })));
      expect(await note.params()).toBe("notes of secret");
      await nextToken(kept, before);
    }
  });

  test("is derived again at a server that doesn't offer tokens", async () => {
    const kept = new KeptCapability<Note>(login);
    for (let i = 0; i < 2; i++) {
      const api = connect(new Api());
      using note = await kept.obtain(api);
      expect(await note.params()).toBe("notes of secret");
      await kept.remember(api, note);
      expect(kept.token).toBeUndefined();
    }
  });

  test("is derived again if its token is refused, and then has another token", async () => {
    const tokens: (KeptToken | undefined)[] = [];
    const kept = new KeptCapability<Note>(login, { onToken: (token) => tokens.push(token) });
    using _first = await kept.obtain(offer(newDurable()));
    const token = await nextToken(kept);
    const { logins } = Api;
    using again = await kept.obtain(offer(newDurable({ keys: newKeys("other") })));
    expect([await again.params(), Api.logins]).toEqual(["notes of secret", logins + 1]);
    await nextToken(kept, token);
    expect(tokens).toEqual([token, undefined, kept.token]);
  });

  test("keeps its token if the server can't restore it for the moment", async () => {
    const keys = newKeys();
    const kept = new KeptCapability<Note>(() => Promise.reject(new Error("No password any more.")));
    const api = offer(newDurable({ keys }));
    await kept.remember(api, await login(api));
    const token = await nextToken(kept);
    class Down extends Note {
      static override [restore](): never {
        throw new Error("The database is down.");
      }
    }
    const down = offer(newDurable({ keys, classes: { ...classes, note: Down } }));
    await expect(kept.obtain(down)).rejects.toThrow("No password any more.");
    expect(kept.token).toBe(token);
    using again = await kept.obtain(offer(newDurable({ keys })));
    expect(await again.params()).toBe("notes of secret");
  });

  test("isn't asked for with a token whose time is over", async () => {
    const clock = new Clock();
    const durable = newDurable();
    const kept = new KeptCapability<Note>(login, { now: clock.now });
    using _first = await kept.obtain(offer(durable, { expiresIn: 1000 }));
    expect((await nextToken(kept)).expires).toBe(clock.time + 1000);
    const { logins } = Api;
    clock.time += 1000;
    using _again = await kept.obtain(offer(durable));
    expect(Api.logins).toBe(logins + 1);
  });

  test.each<[string, () => unknown]>([
    ["a long text", () => ({ token: "x".repeat(100_000), expiresIn: 1_000 })],
    ["a number", () => ({ token: 5, expiresIn: 1_000 })],
    ["a list", () => ({ token: ["text"], expiresIn: 1_000 })],
    ["a text without a lifetime", () => ({ token: "text" })],
    ["a text with a lifetime of NaN", () => ({ token: "text", expiresIn: Number.NaN })],
    ["a text that has expired", () => ({ token: "text", expiresIn: -1 })],
    ["no object", () => "text"],
    ["null", () => null],
  ])("takes nothing for a token that isn't one: %s", async (_, seal) => {
    class Service extends RpcTarget {
      seal() {
        return seal();
      }
    }
    class Hostile extends Api {
      get $durable() {
        return new Service();
      }
    }
    const onToken = vi.fn();
    const kept = new KeptCapability<Note>(login, { onToken });
    const api = connect(new Hostile());
    using note = await login(api);
    await kept.remember(api, note);
    expect(kept.token).toBeUndefined();
    expect(onToken).not.toHaveBeenCalled();
  });

  test("disposes of a capability that a server sends in place of a token", async () => {
    const isGone = vi.fn();
    class Bait extends RpcTarget {
      [Symbol.dispose] = isGone;
    }
    class Service extends RpcTarget {
      seal() {
        return { token: new Bait(), expiresIn: 1_000 };
      }
    }
    class Hostile extends Api {
      get $durable() {
        return new Service();
      }
    }
    const kept = new KeptCapability<Note>(login);
    const api = connect(new Hostile());
    using note = await login(api);
    await kept.remember(api, note);
    expect(kept.token).toBeUndefined();
    await vi.waitFor(() => expect(isGone).toHaveBeenCalled());
  });

  test("keeps its token if the session ends meanwhile", async () => {
    const durable = newDurable();
    const kept = new KeptCapability<Note>(login);
    using _first = await kept.obtain(offer(durable));
    const token = await nextToken(kept);
    const api = offer(durable);
    api[Symbol.dispose]();
    await expect(kept.obtain(api)).rejects.toThrow();
    expect(kept.token).toBe(token);
  });

  test("has no token if its class isn't durable", async () => {
    const kept = new KeptCapability<Other>((api) => api["other"]());
    const api = offer(newDurable());
    using other = await kept.obtain(api);
    await kept.remember(api, other);
    expect(kept.token).toBeUndefined();
  });
});

describe("offerDurable", () => {
  test("leaves the main object as it was", async () => {
    const main = new Api();
    expect(offerDurable(main, newDurable())).toBe(main);
    expect(main).toBeInstanceOf(Api);
    expect(Object.keys(main)).toEqual([]);
    expect(await connect(main).secret()).toBe(7);
  });

  test("lets the main object be durable itself", async () => {
    const durable = newDurable();
    const api = connect(offerDurable(new Note("main"), durable));
    const { token } = await api.$durable.seal(api);
    using again = await api.$durable.unseal(token);
    expect(await again.params()).toBe("main");
  });

  test("binds a session's tokens to its audience and owner", async () => {
    const durable = newDurable();
    const ada = offer(durable, { audience: "ada", owner: "ada", identity: { name: "ada" } });
    const bob = offer(durable, { audience: "bob" });
    const { token } = await ada.$durable.seal(ada.login("secret"));
    expect(await codeOf(bob.$durable.unseal(token))).toBe("DURABLE_REFUSED");
    using note = await ada.$durable.unseal(token);
    expect(await note.context()).toMatchObject({ identity: { name: "ada" }, owner: "ada" });
    await durable.revokeOwner("ada");
    expect(await codeOf(ada.$durable.unseal(token))).toBe("DURABLE_REFUSED");
  });

  test("doesn't take tokens that the application has sealed for another purpose", async () => {
    const durable = newDurable();
    const api = offer(durable);
    const own = [
      await durable.seal(new Note(1)),
      await durable.seal(new Note(1), { audience: "" }),
    ];
    for (const token of own)
      expect(await codeOf(api.$durable.unseal(token))).toBe("DURABLE_REFUSED");
    const { token } = await api.$durable.seal(login(api));
    expect(await codeOf(durable.unseal(token))).toBe("DURABLE_AUDIENCE");
    expect(await codeOf(offer(durable, { audience: "" }).$durable.unseal(token))).toBe(
      "DURABLE_REFUSED",
    );
  });

  test("seals only what the server gave away and allows", async () => {
    const seen: object[] = [];
    const api = offer(newDurable(), {
      allow(target) {
        seen.push(target);
        return !(target instanceof Note);
      },
    });
    const { seal } = api.$durable;
    expect(await seal(api.login("secret"))).toBeUndefined();
    expect(seen).toEqual([expect.any(Note)]);
    for (const each of [new RpcStub(new Note(1)), () => 1, { note: 1 }, null, undefined, api]) {
      expect(await seal(each)).toBeUndefined();
    }
  });

  test("bounds the renewals of a client, however often it comes back", async () => {
    const clock = new Clock();
    const begin = clock.time;
    const durable = newDurable({ now: clock.now });
    const options = { expiresIn: 100, renewableFor: 250 };
    const first = offer(durable, options);
    let { token } = await first.$durable.seal(login(first));
    for (const [time, expires] of [
      [90, 190],
      [180, 250],
      [240, 250],
    ] as const) {
      clock.time = begin + time;
      const api = offer(durable, options);
      const note = await api.$durable.unseal(token);
      const renewed = await api.$durable.seal(note);
      expect(renewed.expiresIn).toBe(expires - time);
      // Other capabilities of the session may come from the first one.
      const other = await api.$durable.seal(login(api));
      token = [renewed.token, other.token][time % 20 === 0 ? 1 : 0];
      expect(await durable.inspect(token)).toMatchObject({
        expires: begin + expires,
        renewableUntil: begin + 250,
      });
    }
    const last = offer(durable, options);
    using note = await last.$durable.unseal(token);
    clock.time = begin + 250;
    expect(await last.$durable.seal(note)).toBeUndefined();
    expect(await codeOf(offer(durable, options).$durable.unseal(token))).toBe("DURABLE_REFUSED");
    // After a login without tokens, the time begins again.
    const again = offer(durable, options);
    expect(await again.$durable.seal(login(again))).toMatchObject({ expiresIn: 100 });
  });

  test("bounds the renewals of tokens that were sealed before the bound was set", async () => {
    const clock = new Clock();
    const durable = newDurable({ now: clock.now });
    const before = offer(durable, { expiresIn: 1000 });
    const { token } = await before.$durable.seal(login(before));
    clock.time += 240;
    const api = offer(durable, { expiresIn: 1000, renewableFor: 250 });
    const renewed = await api.$durable.seal(await api.$durable.unseal(token));
    expect(renewed.expiresIn).toBe(10);
  });

  test("tells a client nothing but whether a token may work later", async () => {
    const clock = new Clock();
    const durable = newDurable({ now: clock.now });
    const api = offer(durable, { audience: "ada" });
    const sealed = async (each: any) => (await each.$durable.seal(login(each))).token;
    const expired = await sealed(offer(durable, { audience: "ada", expiresIn: 1 }));
    const foreign = await sealed(offer(durable, { audience: "bob" }));
    const revoked = await sealed(api);
    await durable.revoke(revoked);
    clock.time += 1;
    const errors = [];
    for (const token of [expired, foreign, revoked, "nonsense", 5, null, api]) {
      const error = await api.$durable.unseal(token).catch((each: unknown) => each);
      const { stack: _, ...own } = error;
      errors.push(
        JSON.stringify({ ...own, name: error.name, message: error.message, cause: error.cause }),
      );
    }
    expect(new Set(errors)).toEqual(
      new Set([
        JSON.stringify({
          code: "DURABLE_REFUSED",
          name: "RpcError",
          message: "This token can't be used here.",
        }),
      ]),
    );
  });

  test("bounds the tokens that a session has handled at once", async () => {
    const durable = newDurable();
    const api = offer(durable);
    const { token } = await api.$durable.seal(login(api));
    const codes = await Promise.all(
      Array.from({ length: 1000 }, () => codeOf(api.$durable.unseal(token))),
    );
    expect(new Set(codes)).toEqual(new Set([undefined, "DURABLE_UNAVAILABLE"]));
    expect(await codeOf(api.$durable.unseal(token))).toBeUndefined();
  });

  test("takes a target of its own for each session", () => {
    const main = offerDurable(new Api(), newDurable());
    expect(() => offerDurable(main, newDurable())).toThrow("without $durable");
    expect(() => offerDurable({}, newDurable())).toThrow("must be an RpcTarget");
  });
});
