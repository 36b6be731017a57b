import { ExpressionError } from "../errors.ts";

/**
 * The most tables that are columns of each other, the outermost included. Each makes a record of
 * its own for each cell, so that a short message could make millions.
 */
export const MOST_TABLES = 4;

/** The most columns of a table. With more, a record is rather a dictionary. */
const MOST_COLUMNS = 1_024;

/** The error for a malformed table. Its text has no values of the peer, which no log needs. */
function malformedTable(fault: string): ExpressionError {
  return new ExpressionError(`malformed table: ${fault}`);
}

/** The error for more tables that are columns of each other. */
export function tooManyTables(): ExpressionError {
  return malformedTable(`a column of ${MOST_TABLES} others`);
}

/** The error for a table without columns, or whose columns don't fit together. */
export function unevenColumns(): ExpressionError {
  return malformedTable("no columns, or columns of unequal length");
}

/** The error for a column that is something else. */
export function notAColumn(): ExpressionError {
  return malformedTable("a column that isn't a list");
}

/**
 * The names of a table's columns.
 *
 * @throws ExpressionError for more than {@link MOST_COLUMNS}
 */
export function keysOf(columns: object): readonly string[] {
  const keys = Object.keys(columns);
  if (keys.length > MOST_COLUMNS) {
    throw malformedTable(`more than ${MOST_COLUMNS} columns`);
  }
  return keys;
}
