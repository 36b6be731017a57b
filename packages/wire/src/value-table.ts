import type { ValueType } from "./value-type.ts";

/**
 * The first elements of all tagged expressions of the protocol. Text, because a program may lack
 * rows.
 */
export const TAGS: readonly string[] = Object.freeze(
  (
    "undefined inf -inf nan bigint date bytes blob error url headers request response json table " +
    "readable writable export import promise pipeline remap"
  ).split(" "),
);

/** The kinds of values that a codec knows, indexed for both directions. Immutable. */
export interface ValueTable {
  /** The row of a value. `undefined` for plain values, and for those that can't travel. */
  find(value: unknown): ValueType | undefined;
  /** The row that decodes expressions with this tag. */
  byTag(tag: string): ValueType | undefined;
}

/**
 * Checks rows and makes a table of them.
 *
 * @throws Error if two rows claim the same kind, tag, prototype or primitive; if a tag belongs
 *   neither to the protocol nor to an application (`app:money`); if one of the protocol's tags has
 *   no row
 */
export function createValueTable(rows: readonly ValueType[]): ValueTable {
  index(rows, "kind");
  const tags = index(rows, "tags");
  const prototypes = index(rows, "prototypes");
  const primitives = index(rows, "primitives");
  const wrong = [...TAGS, ...tags.keys()].find(
    (tag) => !tags.has(tag) || !(TAGS.includes(tag as string) || isOwnTag(tag)),
  );
  if (wrong) throw new TypeError(`Missing or unknown tag: ${wrong as string}`);

  const open = rows.filter((row) => row.matches);
  return Object.freeze({
    find(value: unknown): ValueType | undefined {
      const type = typeof value;
      if (type !== "object" && type !== "function") return primitives.get(type);
      // Includes functions: a proxy for a capability is one, with a prototype of its own.
      const known = prototypes.get(Object.getPrototypeOf(value)) ?? primitives.get(type);
      if (known) return known;
      // Not `find`, whose callback would be made for each target that is sent.
      for (const row of open) if (row.matches?.(value as object)) return row;
      return undefined;
    },
    byTag: (tag: string) => tags.get(tag),
  });
}

/**
 * True if a tag is one of applications: it contains a colon, as none of the protocol's tags does.
 */
export function isOwnTag(tag: unknown): boolean {
  return typeof tag === "string" && tag.includes(":");
}

/** The rows by one kind of claim. */
function index(
  rows: readonly ValueType[],
  what: "kind" | "tags" | "prototypes" | "primitives",
): ReadonlyMap<unknown, ValueType> {
  const map = new Map<unknown, ValueType>();
  for (const row of rows) {
    for (const claim of [row[what] ?? []].flat()) {
      if (map.has(claim)) throw new TypeError(`Two value types claim the same ${what}.`);
      map.set(claim, row);
    }
  }
  return map;
}
