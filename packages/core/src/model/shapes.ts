import { isIndex } from "@capnweb/wire/internal";

/** Bytes that the names of an object's members count if no other object is known to share them. */
const SHAPE = 112;
const NAME = 64;

/**
 * Bytes of a member, besides its value and a {@link SHAPE} for the object, in an object that keeps
 * its members in a hash table of its own.
 */
const HASHED = 40;

/** The number of members above which engines give an object a hash table. */
const MOST_SHARED = 1_020;

/**
 * The number of lists of names that are remembered. Records hold records, so that several kinds
 * take turns.
 */
const REMEMBERED = 8;

/**
 * The names of the members of recently met objects. Objects with the same names share them in
 * memory; an object with names of its own takes several times as much as its text.
 */
export class Shapes {
  readonly #known: (readonly string[])[] = [];
  #next = 0;
  #latest: readonly string[] = [];

  /** The names that were met last. */
  get latest(): readonly string[] {
    return this.#latest;
  }

  /** The bytes that the names of an object's members take, if they aren't known. */
  sizeOf(names: readonly string[]): number {
    if (names.length === 0) return 0;
    if (names.length > MOST_SHARED || isIndex(names[0]!)) return SHAPE + HASHED * names.length;
    this.#latest = names;
    for (const known of this.#known) if (isSame(known, names)) return 0;
    this.#known[this.#next] = names;
    this.#next = (this.#next + 1) % REMEMBERED;
    let size = SHAPE;
    for (const name of names) size += NAME + name.length;
    return size;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
