const DIGITS = /^[\w-]*$/;

/** Encodes bytes with the alphabet that URLs take unescaped, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * Decodes the text of {@link toBase64Url}.
 *
 * @returns `undefined` for any other text, including other encodings of the same bytes
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!DIGITS.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return toBase64Url(bytes) === text ? bytes : undefined;
}
