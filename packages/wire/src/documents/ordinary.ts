import { tooDeep, unknownExpression } from "../errors.ts";
import { partsOf, withParts } from "../extensions/parts.ts";
import { DEFAULT_MAX_DEPTH } from "../limits.ts";
import { isObject } from "../objects.ts";
import type { Expression } from "../value-type.ts";
import { tableRecords } from "./table-records.ts";

/**
 * Returns the ordinary expression of the same value, without `["json", …]` and `["table", …]`. It
 * is the one that a peer gets which hasn't announced these extensions. Tools that show, search or
 * redact messages need to know only this form.
 *
 * @param expression an operand of a message, such as a whole `push`'s. It isn't changed
 * @returns the expression itself if it holds no documents
 * @throws ExpressionError for a malformed document
 * @throws LimitError for an expression that is nested 256 levels deep
 *
 * @example
 * ```ts
 * withoutDocuments(["table", { id: [[1, 2]], tags: ["json", [["new"], []]] }]);
 * // [[{ id: 1, tags: [["new"]] }, { id: 2, tags: [[]] }]]
 * ```
 */
export function withoutDocuments(expression: Expression): Expression {
  return holdsDocument(expression, 0) ? rewrite(expression, 0) : expression;
}

function holdsDocument(expression: Expression, depth: number): boolean {
  if (!isObject(expression)) return false;
  if (depth >= DEFAULT_MAX_DEPTH) throw tooDeep(DEFAULT_MAX_DEPTH);
  if (isDocument(expression)) return true;
  for (const part of partsOf(expression)) if (holdsDocument(part, depth + 1)) return true;
  return false;
}

function isDocument(expression: object): boolean {
  return Array.isArray(expression) && (expression[0] === "json" || expression[0] === "table");
}

function rewrite(expression: Expression, depth: number): Expression {
  if (!isObject(expression)) return expression;
  if (depth >= DEFAULT_MAX_DEPTH) throw tooDeep(DEFAULT_MAX_DEPTH);
  if (Array.isArray(expression) && expression[0] === "json") {
    if (expression.length < 2) throw unknownExpression(expression);
    return ordinaryJson(expression[1], depth);
  }
  const records = tableRecords(expression);
  if (!records) return withParts(expression, (part) => rewrite(part, depth + 1));
  const { length } = records;
  return [Array.from({ length }, (_, row) => rewrite(records.at(row), depth + 1))];
}

/** The ordinary expression of plain JSON. */
function ordinaryJson(value: unknown, depth: number): Expression {
  if (!isObject(value)) return value;
  if (depth >= DEFAULT_MAX_DEPTH) throw tooDeep(DEFAULT_MAX_DEPTH);
  const inner = (part: unknown) => ordinaryJson(part, depth + 1);
  return Array.isArray(value) ? [value.map(inner)] : withParts(value, inner);
}
