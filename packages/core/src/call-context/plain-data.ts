import { DepthError } from "@capnweb/wire";
import { isObject, isReachableKey, kindOf, objectFor, overLimit } from "@capnweb/wire/internal";
import type { CallMetadata } from "./call-context.ts";

/** The limits of metadata; see `Limits`. */
export interface MetadataLimits {
  readonly maxMetadataSize: number;
  readonly maxDepth: number;
}

/** The size of a number, a boolean or `null`, and of a container besides its members. */
const FLAT_SIZE = 8;

/** About the bytes of memory of a container, and of a member of one. */
const CONTAINER_BYTES = 64;
const MEMBER_BYTES = 24;

/** Metadata, and about the memory that it takes. */
export interface CopiedMetadata {
  readonly metadata: CallMetadata;
  readonly bytes: number;
}

/**
 * A frozen copy of metadata. It shares nothing with the original, so neither side can change it
 * later. Leaves out members with names of `Object.prototype`, as arguments do.
 *
 * @throws TypeError for values that aren't plain data
 * @throws LimitError, DepthError for more, or deeper, data than the limits allow
 */
export function copyMetadata(value: unknown, limits: MetadataLimits): CopiedMetadata {
  if (!isPlainObject(value)) throw notPlain(value, "metadata");
  const copier = new Copier(limits);
  const metadata = copier.copy(value, "metadata", 0) as CallMetadata;
  return { metadata, bytes: copier.bytes };
}

/** The state of copying one object. */
class Copier {
  readonly #limits: MetadataLimits;
  #size = 0;
  bytes = 0;

  constructor(limits: MetadataLimits) {
    this.#limits = limits;
  }

  /** @param place the path to the value, for errors */
  copy(value: unknown, place: string, depth: number): unknown {
    this.bytes += MEMBER_BYTES;
    if (typeof value === "string") {
      this.#count(value.length + FLAT_SIZE);
      // Two bytes for each code unit, whatever it is.
      this.bytes += 2 * value.length;
      return value;
    }
    this.#count(FLAT_SIZE);
    if (typeof value === "number" || typeof value === "boolean" || value === null) return value;
    if (depth >= this.#limits.maxDepth) throw new DepthError();
    this.bytes += CONTAINER_BYTES;
    if (Array.isArray(value)) return Object.freeze(this.#copyList(value, place, depth));
    if (isPlainObject(value)) return Object.freeze(this.#copyObject(value, place, depth));
    throw notPlain(value, place);
  }

  #copyList(list: readonly unknown[], place: string, depth: number): unknown[] {
    // A structured clone may have a list of billions of holes.
    this.#count(FLAT_SIZE * list.length);
    return Array.from(list, (each, i) => this.copy(each, `${place}[${i}]`, depth + 1));
  }

  #copyObject(object: object, place: string, depth: number): object {
    const copy = objectFor(Object.keys(object));
    for (const [key, each] of Object.entries(object)) {
      this.#count(key.length);
      this.bytes += 2 * key.length;
      if (isReachableKey(key) && each !== undefined) {
        copy[key] = this.copy(each, `${place}.${key}`, depth + 1);
      }
    }
    return copy;
  }

  #count(size: number): void {
    this.#size += size;
    if (this.#size > this.#limits.maxMetadataSize) throw overLimit(this.#limits, "maxMetadataSize");
  }
}

function isPlainObject(value: unknown): value is object {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function notPlain(value: unknown, place: string): TypeError {
  return new TypeError(
    `${place} is ${kindOf(value)}. Metadata is an object of plain data: strings, numbers, ` +
      "booleans, null, and lists and objects of these. Pass anything else as an argument.",
  );
}
