import { MessageSyntaxError } from "./errors.ts";
import type { Expression } from "./value-type.ts";

/**
 * Parses JSON text.
 *
 * @throws MessageSyntaxError with the engine's own message where it isn't any
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Without its cause, which would travel along and says nothing more.
    throw new MessageSyntaxError((error as Error).message);
  }
}

/** Characters that JSON text has as they are. Long texts aren't worth the look. */
const PLAIN = /^[ !#-[\]-~]{0,64}$/;

/**
 * The JSON text of an encoded expression. Short scalars and bytes, of which most messages consist,
 * are put together by hand.
 */
export function stringifyExpression(expression: Expression): string {
  switch (typeof expression) {
    case "number":
    case "boolean":
      return `${expression}`;
    case "string":
      if (PLAIN.test(expression)) return `"${expression}"`;
      break;
    case "object":
      if (Array.isArray(expression) && expression[0] === "bytes" && expression.length === 2) {
        const data: unknown = expression[1];
        // Base64 needs no escapes.
        if (typeof data === "string") return `["bytes","${data}"]`;
      }
  }
  return JSON.stringify(expression);
}
