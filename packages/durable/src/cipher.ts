import { toBase64Url } from "./base64-url.ts";
import { TokenForgedError, UnknownKeyError } from "./errors.ts";
import type { CryptoKeyLike, KeyRing } from "./key-ring.ts";
import { headOf, randomParts, readToken, type TokenParts, writeToken } from "./token-text.ts";

/** Separates the keys of tokens from other keys that are derived from the same secret. */
const PURPOSE = new TextEncoder().encode("capnweb durable token 1");

/** The content of a token that was sealed with one of the keys. */
export interface Opened {
  readonly id: string;
  readonly keyId: string;
  readonly text: string;
}

/**
 * Encrypts and authenticates a text with AES-256-GCM. Each token has a key of its own, derived with
 * HKDF-SHA-256 from the key's secret and the token's random id, so there is no bound to the number
 * of tokens for a secret.
 *
 * @returns the token
 */
export async function encrypt(keys: KeyRing, text: string): Promise<string> {
  const parts = { keyId: keys.current, ...randomParts() };
  const key = await tokenKey(await keys.find(parts.keyId)!, parts, "encrypt");
  const plain = new TextEncoder().encode(text);
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(parts), key, plain));
  return writeToken({ ...parts, sealed });
}

/**
 * Reads a token.
 *
 * @param maxSize code units of the longest text that is looked at
 * @throws TokenForgedError for a text that isn't a token, or wasn't sealed with the key it names
 * @throws UnknownKeyError for a token that names none of the keys
 */
export async function decrypt(keys: KeyRing, token: unknown, maxSize: number): Promise<Opened> {
  if (typeof token !== "string")
    throw new TokenForgedError(`A token is a text, not ${typeof token}.`);
  if (token.length > maxSize) {
    throw new TokenForgedError(
      `The text has ${token.length} code units, and the limit is ${maxSize}.`,
    );
  }
  const parts = readToken(token);
  if (!parts) throw new TokenForgedError("The text doesn't have the form of a token.");
  const { keyId } = parts;
  const secret = keys.find(keyId);
  const id = toBase64Url(parts.id);
  if (!secret) {
    const shown = JSON.stringify(keyId);
    throw new UnknownKeyError(
      `The token ${id} names the key ${shown}, which the ring doesn't have.`,
    );
  }
  const key = await tokenKey(await secret, parts, "decrypt");
  let plain: ArrayBuffer;
  try {
    plain = await crypto.subtle.decrypt(algorithm(parts), key, parts.sealed);
  } catch (error) {
    throw new TokenForgedError(`The token ${id} wasn't sealed with the key "${keyId}".`, error);
  }
  return { id, keyId, text: new TextDecoder().decode(plain) };
}

function tokenKey(
  secret: CryptoKeyLike,
  { id }: Pick<TokenParts, "id">,
  usage: "encrypt" | "decrypt",
): Promise<CryptoKey> {
  const derivation = { name: "HKDF", hash: "SHA-256", salt: id, info: PURPOSE };
  const derived = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(derivation, secret as CryptoKey, derived, false, [usage]);
}

function algorithm(parts: Omit<TokenParts, "sealed">): AesGcmParams {
  return { name: "AES-GCM", iv: parts.iv, additionalData: headOf(parts) };
}
