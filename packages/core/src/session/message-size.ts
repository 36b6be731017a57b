/**
 * About how many bytes a message tree will take, for flow control on transports that encode it
 * themselves and can't say.
 */
export function estimateSize(tree: unknown): number {
  switch (typeof tree) {
    case "string":
      return tree.length + 2;
    case "object":
      break;
    default:
      return 8;
  }
  if (tree === null) return 4;
  if (ArrayBuffer.isView(tree)) return tree.byteLength;
  let size = 2;
  for (const [key, value] of Object.entries(tree)) size += key.length + 2 + estimateSize(value);
  return size;
}
