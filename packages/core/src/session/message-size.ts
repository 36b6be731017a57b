/**
 * About how many bytes a message tree will take, for flow control on transports that encode it
 * themselves and can't say.
 */
export function estimateSize(tree: unknown): number {
  if (typeof tree === "string") return tree.length + 2;
  if (typeof tree !== "object" || tree === null) return 8;
  if (ArrayBuffer.isView(tree)) return tree.byteLength;
  let size = 2;
  for (const [key, value] of Object.entries(tree)) size += key.length + 2 + estimateSize(value);
  return size;
}

/** The size of a message: of text in UTF-16 code units, else about. */
export function sizeOf(message: unknown): number {
  return typeof message === "string" ? message.length : estimateSize(message);
}
