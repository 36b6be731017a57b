import { type ExpressionError, unknownExpression } from "../errors.ts";

/**
 * The most tables that are columns of each other, the outermost included. Each makes a record of
 * its own for each cell, so that a short message could make millions.
 */
export const MOST_TABLES = 4;

/** The most columns of a table. With more, a record is rather a dictionary. */
const MOST_COLUMNS = 1_024;

/** The error for more tables that are columns of each other. */
export function tooManyTables(): ExpressionError {
  return unknownExpression(`tables that are columns of ${MOST_TABLES} others`);
}

/** The error for a table without columns, or whose columns don't fit together. */
export function unevenColumns(): ExpressionError {
  return unknownExpression("a table without columns, or with columns of unequal length");
}

/**
 * The names of a table's columns.
 *
 * @throws ExpressionError for more than {@link MOST_COLUMNS}
 */
export function keysOf(columns: object): readonly string[] {
  const keys = Object.keys(columns);
  if (keys.length > MOST_COLUMNS) {
    throw unknownExpression(`a table of more than ${MOST_COLUMNS} columns`);
  }
  return keys;
}
