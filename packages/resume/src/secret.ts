/** Bytes of a secret. */
const SECRET_LENGTH = 32;

/** Characters of a hash's text by which it is found. The others are compared in constant time. */
const KEY_LENGTH = 22;

/** Makes a secret of 256 random bits, in base64url. */
export function newSecret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(SECRET_LENGTH)));
}

/** The SHA-256 of a secret, in base64url. The secret can't be found from it. */
export async function hashOf(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return base64url(new Uint8Array(digest));
}

/** The half of a hash that is the key of tables. */
export function keyOf(hash: string): string {
  return hash.slice(0, KEY_LENGTH);
}

/** True if two hashes are the same. Takes the same time wherever they differ. */
export function isSameHash(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}
