import { fromBase64Url, toBase64Url } from "./base64-url.ts";

/** Begins every token: tells people and secret scanners what it is, and has the version. */
const PREFIX = "cwd1_";
const ID_LENGTH = 16;
const IV_LENGTH = 12;
/** The bytes that AES-GCM adds to the text for authentication. */
const TAG_LENGTH = 16;

/**
 * The parts of a token. As text, it is the prefix, and the base64url of: the length of the key's id
 * in one byte, the key's id, the token's id, the initialization vector, and the sealed bytes.
 */
export interface TokenParts {
  readonly keyId: string;
  /** Random, and the salt from which the token's own key is derived. Not secret. */
  readonly id: Uint8Array<ArrayBuffer>;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** A random id and a random initialization vector. */
export function randomParts(): Pick<TokenParts, "id" | "iv"> {
  return {
    id: crypto.getRandomValues(new Uint8Array(ID_LENGTH)),
    iv: crypto.getRandomValues(new Uint8Array(IV_LENGTH)),
  };
}

/** The bytes before the sealed ones, which are authenticated with them. */
export function headOf({ keyId, id, iv }: Omit<TokenParts, "sealed">): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(keyId);
  return Uint8Array.from([name.length, ...name, ...id, ...iv]);
}

/** Joins the parts of a token. */
export function writeToken(parts: TokenParts): string {
  return PREFIX + toBase64Url(Uint8Array.from([...headOf(parts), ...parts.sealed]));
}

/** Splits a token. Returns `undefined` for a text that isn't one. */
export function readToken(text: string): TokenParts | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const bytes = fromBase64Url(text.slice(PREFIX.length));
  const idStart = 1 + (bytes?.[0] ?? 0);
  const ivStart = idStart + ID_LENGTH;
  const sealedStart = ivStart + IV_LENGTH;
  if (!bytes || bytes.length < sealedStart + TAG_LENGTH) return undefined;
  return {
    keyId: String.fromCharCode(...bytes.subarray(1, idStart)),
    id: bytes.slice(idStart, ivStart),
    iv: bytes.slice(ivStart, sealedStart),
    sealed: bytes.slice(sealedStart),
  };
}
