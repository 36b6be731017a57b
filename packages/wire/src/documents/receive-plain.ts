import { tooDeep, unknownExpression } from "../errors.ts";
import { isReachableKey } from "../property-path.ts";
import type { DocumentContext } from "./document-context.ts";

/**
 * Checks plain JSON in a document, and drops the members that every receiver drops.
 *
 * @param isColumn whether it is a column of a table, and not a whole expression
 * @returns the number of values, as {@link Decoder} counts them
 * @throws LimitError for nesting of `maxDepth` levels
 * @throws ExpressionError for a number that is too large for JSON
 */
export function receiveDocument(tree: object, cx: DocumentContext, isColumn = false): number {
  return receivePlain(tree, cx.around - (isColumn ? 0 : 1), cx.limits.maxDepth);
}

/**
 * @param tree a list or an object that `JSON.parse` made
 * @param depth the number of values around it
 */
function receivePlain(tree: object, depth: number, maxDepth: number): number {
  const within = depth + 1;
  if (within >= maxDepth && !isEmpty(tree)) throw tooDeep(maxDepth);
  let values = 1;
  if (Array.isArray(tree)) {
    values += tree.length;
    for (let i = 0; i < tree.length; i++) {
      const value: unknown = tree[i];
      if (typeof value === "object" && value !== null) {
        values += receivePlain(value, within, maxDepth);
      } else if (typeof value === "number") checkNumber(value);
    }
    return values;
  }
  const record = tree as Record<string, unknown>;
  for (const key in record) {
    const value = record[key];
    values++;
    if (typeof value === "object" && value !== null) {
      values += receivePlain(value, within, maxDepth);
    } else if (typeof value === "number") checkNumber(value);
    if (!isReachableKey(key)) delete record[key];
  }
  return values;
}

/** `JSON.parse` makes `Infinity` of a number that no double holds. */
function checkNumber(value: number): void {
  if (value - value !== 0) throw unknownExpression(value);
}

function isEmpty(tree: object): boolean {
  for (const _key in tree) return false;
  return true;
}
