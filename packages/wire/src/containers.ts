import { hasIndexes, objectFor } from "./objects.ts";
import type { Container } from "./value-type.ts";

// The containers of JSON. They have no tags. `Encoder` and `Decoder` handle them directly and
// decode them in place, because most of a message consists of them.

/** Lists, of any realm or subclass of `Array`. A copy is a plain list. */
export const listContainer: Container<readonly unknown[]> = {
  copy(list, cx) {
    const { length } = list;
    cx.count(length);
    const copy = new Array<unknown>(length);
    for (let i = 0; i < length; i++) copy[i] = cx.copy(list[i], copy, i);
    return copy;
  },
  parts: partsOf,
};

/** The parts that an object with indexes for names counts besides its own: it takes as long. */
const INDEXED_PARTS = 8;

/** Plain objects, whose prototype is `Object.prototype`. */
export const objectContainer: Container<object> = {
  copy(object, cx) {
    const keys = Object.keys(object);
    cx.count(keys.length + (hasIndexes(keys) ? INDEXED_PARTS : 0));
    const copy = objectFor(keys);
    for (const key of keys) {
      const part = cx.copy((object as Record<string, unknown>)[key], copy, key);
      // Such a name is never sent, and assigning it would change the copy's prototype.
      if (key !== "__proto__") copy[key] = part;
    }
    return copy;
  },
  parts: partsOf,
};

/** True if an object is one of those of {@link objectContainer}. */
export function isPlain(object: object): boolean {
  return Object.getPrototypeOf(object) === Object.prototype;
}

/**
 * True if a part of a received tree is an object that holds others: a plain one, or one without a
 * prototype.
 */
export function isPlainNode(node: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(node);
  return prototype === Object.prototype || prototype === null;
}

/** The values of an object's own properties. Runs no getters: theirs are `undefined`. */
export function partsOf(
  object: object,
  keys: readonly string[] = Object.keys(object),
): readonly unknown[] {
  return keys.map((key) => Object.getOwnPropertyDescriptor(object, key)?.value);
}
