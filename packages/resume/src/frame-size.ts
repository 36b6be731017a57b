/** Bytes that a frame counts as beside its content: it takes memory however short it is. */
const FRAME_OVERHEAD = 64;

/** Bytes that a value in a tree counts as beside its content. */
const NODE_OVERHEAD = 16;

/**
 * The size of a frame in bytes: exact for binary frames, one byte per UTF-16 code unit for text,
 * and approximate for trees.
 *
 * @param mostNodes the number of values after which the rest of a tree isn't counted. A tree from a
 *   peer may be a cycle, or a list of billions of holes
 */
export function frameSize(frame: unknown, mostNodes = Number.POSITIVE_INFINITY): number {
  if (typeof frame === "string") return frame.length + FRAME_OVERHEAD;
  if (frame instanceof Uint8Array) return frame.byteLength + FRAME_OVERHEAD;
  return treeSize(frame, mostNodes) + FRAME_OVERHEAD;
}

function treeSize(root: unknown, mostNodes: number): number {
  let size = 0;
  let left = mostNodes;
  const nodes: unknown[] = [root];
  while (nodes.length > 0 && left-- > 0) {
    const node = nodes.pop();
    size += NODE_OVERHEAD;
    if (typeof node === "string") size += node.length;
    else if (typeof node === "bigint") size += NODE_OVERHEAD;
    else if (typeof node === "object" && node !== null) {
      size += partsOf(node, nodes, left);
    }
  }
  return size;
}

/** Adds the parts of an object to `nodes`, and returns the size of the rest. */
function partsOf(node: object, nodes: unknown[], most: number): number {
  if (node instanceof ArrayBuffer || ArrayBuffer.isView(node)) return node.byteLength;
  if (Array.isArray(node)) {
    const count = Math.min(node.length, most);
    for (let i = 0; i < count; i++) nodes.push(node[i]);
    return 0;
  }
  let keys = 0;
  let left = most;
  for (const key in node) {
    if (left-- <= 0) break;
    keys += key.length;
    nodes.push((node as Record<string, unknown>)[key]);
  }
  return keys;
}
