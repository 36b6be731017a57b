/**
 * About how many bytes a message tree will take, for flow control on transports that encode it
 * themselves and can't say.
 */
export function estimateSize(tree: unknown): number {
  if (typeof tree === "string") return tree.length + 2;
  if (typeof tree !== "object" || tree === null) return 8;
  if (ArrayBuffer.isView(tree)) return tree.byteLength;
  // Values that the transport clones. Their properties aren't sent, and reading them may run code.
  if (!Array.isArray(tree) && !isPlain(tree)) return 8;
  let size = 2;
  for (const [key, value] of Object.entries(tree)) size += key.length + 2 + estimateSize(value);
  return size;
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}

/** Texts shorter than this are taken to have a byte for each code unit. */
const LEAST_LOOKED_AT = 4_096;

/** How many bytes of memory a text takes: two for each code unit, if one is above U+00FF. */
export function memoryOf(text: string): number {
  if (text.length < LEAST_LOOKED_AT) return text.length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that a byte holds.
  return /[^\x00-\xff]/.test(text) ? 2 * text.length : text.length;
}

/** The size of a message: of text in UTF-16 code units, else about. */
export function sizeOf(message: unknown): number {
  return typeof message === "string" ? message.length : estimateSize(message);
}
