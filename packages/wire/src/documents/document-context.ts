import type { DecodeContext, Expression } from "../value-type.ts";

/** The services of a decoder for documents. */
export interface DocumentContext extends DecodeContext {
  /** Counts values, as for any row. */
  count(values: number): void;
  /**
   * Counts the records of a table, as lists and objects are counted.
   *
   * @param members the number of members that all records have together
   * @throws LimitError for too many values, and for records that are nested too deep
   */
  records(rows: number, members: number): void;
  /**
   * Decodes a member of a record in place: `record[key]` is its expression, and becomes its value.
   * A member that is to be dropped is deleted.
   */
  cell(record: Record<string, unknown>, key: string): void;
  /**
   * Decodes a member that no record gets, and gives up the references in it.
   *
   * @param isColumn whether it is the members of all records, as a table
   * @returns the value, without its references
   */
  dropped(expression: Expression, key: string, isColumn?: boolean): unknown;
  /**
   * Checks a tree of plain JSON, and drops the members that every receiver drops.
   *
   * @param isColumn whether it is a column of a table, and not a whole expression
   * @returns the number of values in it
   * @throws LimitError for one that is nested too deep
   * @throws ExpressionError for a number that is too large for JSON
   */
  plain(tree: object, isColumn?: boolean): number;
}
