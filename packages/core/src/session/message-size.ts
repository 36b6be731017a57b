import { isObject, isPlainNode } from "@capnweb/wire/internal";
import { DEEPEST_TREE, MOST_ESTIMATED } from "../call-context/counts.ts";

/** The state of a walk through one tree. */
interface Walk {
  /** The number of members of containers still to look at. */
  left: number;
  /** The last buffer met. */
  lastBuffer: ArrayBufferLike | undefined;
}

/**
 * The approximate bytes of a message tree, for flow control on transports that encode trees
 * themselves and can't tell the size.
 *
 * @param most most members of containers to examine. In a structured clone, one container can
 *   stand in many places, so that a small message is a tree without end
 */
export function estimateSize(tree: unknown, most = MOST_ESTIMATED): number {
  return estimate(tree, 0, { left: most, lastBuffer: undefined });
}

function estimate(tree: unknown, depth: number, walk: Walk): number {
  if (typeof tree === "string") return tree.length + 2;
  if (!isObject(tree)) return 8;
  if (Array.isArray(tree)) return estimateList(tree, depth, walk);
  if (ArrayBuffer.isView(tree)) return sizeOfView(tree, walk);
  // Values that the transport clones. Their properties aren't sent, and reading them may run code.
  if (!isPlainNode(tree) || depth > DEEPEST_TREE) return 8;
  const keys = Object.keys(tree);
  walk.left -= keys.length + 1;
  if (walk.left < 0) return 8;
  let size = 2;
  for (const key of keys) {
    size += key.length + 2 + estimate((tree as Record<string, unknown>)[key], depth + 1, walk);
  }
  return size;
}

function estimateList(list: readonly unknown[], depth: number, walk: Walk): number {
  const { length } = list;
  // A list of holes has a length, too.
  walk.left -= length + 1;
  // Counted by length, without examining it.
  if (walk.left < 0 || depth > DEEPEST_TREE) return 8 + 8 * length;
  let size = 2 + 2 * length;
  for (let i = 0; i < length; i++) {
    const element = list[i];
    // The usual element, inlined: this is half the time of calls.
    if (typeof element === "string") size += element.length + 2;
    else if (typeof element === "number") size += 8;
    else size += estimate(element, depth + 1, walk);
  }
  return size;
}

/**
 * The size of a view. A view keeps its whole buffer, but adjacent views of one buffer keep it once.
 */
function sizeOfView({ buffer }: ArrayBufferView, walk: Walk): number {
  if (buffer === walk.lastBuffer) return 8;
  walk.lastBuffer = buffer;
  return buffer.byteLength;
}

/** The bytes of memory that a text takes: two for each code unit, if one is above U+00FF. */
export function memoryOf(text: string): number {
  // The length below which texts count a byte per code unit.
  const LEAST_LOOKED_AT = 4_096;
  if (text.length < LEAST_LOOKED_AT) return text.length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all that a byte holds.
  return /[^\x00-\xff]/.test(text) ? 2 * text.length : text.length;
}

/**
 * The size of a message: of text in UTF-16 code units, else approximately.
 *
 * @param maxValues most members to examine in a peer's message. Decoding refuses more
 */
export function sizeOf(message: unknown, maxValues?: number): number {
  return typeof message === "string" ? message.length : estimateSize(message, maxValues);
}
