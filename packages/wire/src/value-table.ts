import type { ValueType } from "./value-type.ts";

/** The first elements of all tagged expressions of the protocol. */
export const TAGS: readonly string[] = Object.freeze([
  "undefined",
  "inf",
  "-inf",
  "nan",
  "bigint",
  "date",
  "bytes",
  "blob",
  "error",
  "url",
  "headers",
  "request",
  "response",
  "readable",
  "writable",
  "export",
  "import",
  "promise",
  "pipeline",
  "remap",
]);

/** The kinds of values that a codec knows, indexed for both directions. Immutable. */
export interface ValueTable {
  /** The row of a value, or `undefined` for one that can't travel. Plain values have no row. */
  find(value: unknown): ValueType | undefined;
  /** The row that decodes expressions with this tag. */
  byTag(tag: string): ValueType | undefined;
}

/**
 * Checks rows and makes a table of them.
 *
 * @throws Error where two rows claim the same kind, tag, prototype or primitive, where a tag is
 *   unknown to the protocol, and where one of its tags is left without a row
 */
export function createValueTable(rows: readonly ValueType[]): ValueTable {
  const kinds = new Map<string, ValueType>();
  const tags = new Map<string, ValueType>();
  const prototypes = new Map<object, ValueType>();
  const primitives = new Map<string, ValueType>();
  for (const row of rows) {
    claim(kinds, row.kind, row, "kind");
    for (const tag of row.tags) {
      if (!TAGS.includes(tag)) throw new Error(`The protocol has no tag "${tag}" (${row.kind}).`);
      claim(tags, tag, row, "tag");
    }
    for (const prototype of row.prototypes ?? []) claim(prototypes, prototype, row, "prototype");
    for (const primitive of row.primitives ?? []) claim(primitives, primitive, row, "primitive");
  }
  const missing = TAGS.filter((tag) => !tags.has(tag));
  if (missing.length > 0) throw new Error(`No value type for the tags: ${missing.join(", ")}.`);

  const open = rows.filter((row) => row.matches !== undefined);
  return Object.freeze({
    find(value: unknown): ValueType | undefined {
      const type = typeof value;
      if (type !== "object" && type !== "function") return primitives.get(type);
      // Functions too: a proxy that stands for a capability is one, with a prototype of its own.
      const row = prototypes.get(Object.getPrototypeOf(value) as object);
      if (row !== undefined) return row;
      if (type === "function") return primitives.get(type);
      return open.find((each) => each.matches!(value as object));
    },
    byTag: (tag: string) => tags.get(tag),
  });
}

function claim<K>(map: Map<K, ValueType>, key: K, row: ValueType, what: string): void {
  const other = map.get(key);
  if (other !== undefined) {
    throw new Error(
      `${other.kind} and ${row.kind} claim the same ${what}: ${typeof key === "string" ? key : ""}.`,
    );
  }
  map.set(key, row);
}
