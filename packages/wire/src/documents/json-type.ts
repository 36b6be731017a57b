import { unknownExpression } from "../errors.ts";
import { isObject } from "../objects.ts";
import { isScalar } from "../operands.ts";
import type { Expression, ValueType } from "../value-type.ts";
import type { DocumentContext } from "./document-context.ts";
import { receiveDocument } from "./receive-plain.ts";

/** Documents have no values of their own: encoders write lists as documents. */
export function notEncoded(): never {
  throw new TypeError("A document has no values of its own.");
}

/** Plain JSON as it is (docs/protocol.md, "Extensions"). */
export const jsonType: ValueType<never, [value: Expression], never, DocumentContext> = {
  kind: "json",
  tags: ["json"],
  weight: 0,
  encode: notEncoded,
  decode(expression, cx) {
    const [, value] = expression;
    if (cx.level !== "string") throw unknownExpression(expression);
    if (isObject(value)) {
      const { tree, values } = receiveDocument(value, cx);
      cx.count(values);
      return tree;
    }
    if (!isScalar(value)) throw unknownExpression(expression);
    return value;
  },
};
