import { type ExpressionError, unknownExpression } from "../errors.ts";

/**
 * The most tables that are columns of each other, the outermost included. Each makes a record of
 * its own for each cell, so that a short message could make millions.
 */
export const MOST_TABLES = 4;

/** The error for more tables that are columns of each other. */
export function tooManyTables(): ExpressionError {
  return unknownExpression(`tables that are columns of ${MOST_TABLES} others`);
}
