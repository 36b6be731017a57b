import { plainPart, tableRecords } from "@capnweb/wire/internal";

/** The value that an expression stands for, one level deep. Its parts are expressions. */
export type Contents =
  | { readonly kind: "list"; readonly items: Iterable<unknown> }
  | { readonly kind: "object"; readonly members: Iterable<readonly [string, unknown]> }
  | { readonly kind: "scalar"; readonly value: unknown }
  /** A tagged expression of another kind. */
  | { readonly kind: "tagged"; readonly tag: string; readonly expression: readonly unknown[] };

/**
 * Reads the contents of an expression. Those of documents, `["json", …]` and `["table", …]`, are
 * read like those of ordinary expressions. The records of a table are made as they are asked for.
 */
export function contentsOf(expression: unknown): Contents {
  if (typeof expression !== "object" || expression === null) {
    return { kind: "scalar", value: expression };
  }
  if (!Array.isArray(expression)) return { kind: "object", members: Object.entries(expression) };
  const [tag] = expression as unknown[];
  if (tag === "json") return contentsOfPlain(expression[1]);
  const records = tag === "table" ? recordsIn(expression) : undefined;
  if (records) return { kind: "list", items: records };
  if (typeof tag === "string") return { kind: "tagged", tag, expression };
  return { kind: "list", items: Array.isArray(tag) ? tag : expression };
}

function contentsOfPlain(value: unknown): Contents {
  if (Array.isArray(value)) return { kind: "list", items: plainParts(value) };
  if (typeof value !== "object" || value === null) return { kind: "scalar", value };
  return { kind: "object", members: plainMembers(value) };
}

function* plainParts(list: readonly unknown[]): Iterable<unknown> {
  for (const each of list) yield plainPart(each);
}

function* plainMembers(object: object): Iterable<readonly [string, unknown]> {
  for (const [key, each] of Object.entries(object)) yield [key, plainPart(each)];
}

/** The records of a table; `undefined` for one that is malformed. */
function recordsIn(table: readonly unknown[]): Iterable<unknown> | undefined {
  try {
    const records = tableRecords(table);
    return records && allOf(records.length, records.at);
  } catch {
    return undefined;
  }
}

function* allOf(length: number, at: (row: number) => unknown): Iterable<unknown> {
  for (let row = 0; row < length; row++) yield at(row);
}
