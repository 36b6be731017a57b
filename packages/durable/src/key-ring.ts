import { fromBase64Url, toBase64Url } from "./base64-url.ts";

/** The bytes of the secret of a key, at least. */
const SECRET_LENGTH = 32;
const KEY_ID = /^[\w.-]{1,32}$/;

/**
 * The part of a `CryptoKey` that declarations need. Not every program has the types of browsers.
 */
export interface CryptoKeyLike {
  readonly algorithm: { readonly name: string };
  readonly usages: readonly string[];
}

/** A key that seals and unseals tokens. */
export interface DurableKey {
  /**
   * Names the key in tokens, for rotation. 1 to 32 letters, digits, `_`, `.` or `-`; not secret.
   */
  readonly id: string;
  /**
   * The secret: a text from {@link generateSecret}, 32 or more random bytes, or a `CryptoKey` for
   * HKDF with the usage `deriveKey`. Every process that unseals the tokens needs the same.
   */
  readonly secret: string | Uint8Array | CryptoKeyLike;
}

/**
 * Makes the secret of a new key.
 *
 * @returns 32 random bytes, as 43 characters
 */
export function generateSecret(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_LENGTH)));
}

/**
 * The keys of a server: one that seals, and older ones that only unseal.
 *
 * Rotate in three steps, if several processes share the tokens: add the new key to all of them,
 * rotate to it in all of them, and retire the old key once its last token has expired.
 *
 * @example
 * ```ts
 * const keys = new KeyRing([
 *   { id: "2026-11", secret: process.env.DURABLE_SECRET! },
 *   { id: "2026-05", secret: process.env.OLD_DURABLE_SECRET! },
 * ]);
 * ```
 */
export class KeyRing {
  readonly #keys = new Map<string, Promise<CryptoKeyLike>>();
  #current: string;

  /**
   * @param keys the first one seals, and all of them unseal
   * @throws TypeError for no array, no keys, two with one id, a malformed id, or a secret that is
   *   too short
   */
  constructor(keys: readonly DurableKey[]) {
    if (!Array.isArray(keys)) {
      throw new TypeError("new KeyRing() takes an array of keys: [{ id, secret }].");
    }
    for (const key of keys) this.add(key);
    const [first] = keys;
    if (!first) throw new TypeError("A key ring needs at least one key.");
    this.#current = first.id;
  }

  /** The id of the key that seals. */
  get current(): string {
    return this.#current;
  }

  /**
   * Adds a key that unseals.
   *
   * @throws TypeError as the constructor does
   */
  add({ id, secret }: DurableKey): void {
    if (!KEY_ID.test(id)) {
      throw new TypeError(
        `The key id ${JSON.stringify(id)} isn't 1 to 32 letters, digits, _ . or -`,
      );
    }
    if (this.#keys.has(id)) throw new TypeError(`The key ring has a key "${id}" already.`);
    this.#keys.set(id, importKey(id, secret));
  }

  /**
   * Seals with a key of the ring from now on.
   *
   * @throws TypeError for a key that the ring doesn't have
   */
  rotateTo(id: string): void {
    if (!this.#keys.has(id)) throw new TypeError(`The key ring has no key "${id}". Add it first.`);
    this.#current = id;
  }

  /**
   * Forgets a key. All of its tokens are refused from now on.
   *
   * @throws TypeError for the key that seals
   */
  retire(id: string): void {
    if (id === this.#current) {
      throw new TypeError(`The key "${id}" seals. Rotate to another one before you retire it.`);
    }
    this.#keys.delete(id);
  }

  /** The key with an id, if the ring has it. */
  find(id: string): Promise<CryptoKeyLike> | undefined {
    return this.#keys.get(id);
  }
}

function importKey(id: string, secret: DurableKey["secret"]): Promise<CryptoKeyLike> {
  if (secret instanceof CryptoKey) {
    if (secret.algorithm.name === "HKDF" && secret.usages.includes("deriveKey")) {
      return Promise.resolve(secret);
    }
    throw new TypeError(`The CryptoKey "${id}" must be for HKDF, with the usage "deriveKey".`);
  }
  const bytes =
    typeof secret === "string" ? fromBase64Url(secret) : new Uint8Array(secret as Uint8Array);
  if (!bytes || bytes.length < SECRET_LENGTH) {
    throw new TypeError(
      `The secret of the key "${id}" isn't ${SECRET_LENGTH} random bytes. ` +
        "Make one with generateSecret().",
    );
  }
  return crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
}
