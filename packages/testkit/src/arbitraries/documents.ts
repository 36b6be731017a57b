import fc from "fast-check";
import { key } from "./values.ts";

/** Plain JSON as it is: `["json", value]`. Some of its lists look like expressions. */
export const plainJson: fc.Arbitrary<unknown> = fc
  .oneof(
    fc.jsonValue(),
    fc.tuple(
      fc.constantFrom("import", "export", "promise", "bytes", "date", "json", "table"),
      fc.jsonValue(),
    ),
  )
  .map((value) => ["json", value]);

/** The columns of a table, by the number of its records. */
type Columns = (rows: number) => fc.Arbitrary<Record<string, unknown>>;

/** Lists of records as tables: `["table", columns]`. */
export function tables(expression: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const cell = fc.oneof(expression, fc.constant([]));
  const listOf = (each: fc.Arbitrary<unknown>, rows: number) =>
    fc.array(each, { minLength: rows, maxLength: rows });
  const columns = (inner: Columns | undefined): Columns => {
    return (rows) => {
      const column = fc.oneof(
        listOf(cell, rows).map((cells) => [cells]),
        listOf(fc.jsonValue(), rows).map((cells) => ["json", cells]),
        ...(inner ? [inner(rows).map((each) => ["table", each])] : []),
      );
      return fc.dictionary(key, column, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
    };
  };
  const nested = columns(columns(undefined));
  return fc.nat(4).chain((rows) => nested(rows).map((each) => ["table", each]));
}

/** Columns as a hostile peer makes them: of any lengths, and of other things than lists. */
export function malformedTables(tree: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const list = fc.array(fc.oneof(tree, fc.constant([])), { maxLength: 3 });
  const column = fc.oneof(
    list.map((cells) => [cells]),
    list.map((cells) => ["json", cells]),
    tree,
  );
  const name = fc.oneof(key, fc.constantFrom("__proto__", "constructor", "toJSON"));
  return fc
    .array(fc.tuple(name, column), { maxLength: 3 })
    .map((columns) => ["table", Object.fromEntries(columns)]);
}
