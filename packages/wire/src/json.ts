import { MessageSyntaxError } from "./errors.ts";
import type { Expression } from "./value-type.ts";

/**
 * Parses JSON text.
 *
 * @throws MessageSyntaxError with the engine's own message for any other text
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Without a cause, which would travel along and says nothing more.
    throw new MessageSyntaxError((error as Error).message);
  }
}

/** Text that needs no escapes in JSON. The native function is faster for long texts. */
const PLAIN = /^[ !#-[\]-~]{0,64}$/;

/**
 * The JSON text of an encoded expression. Short scalars and bytes have a fast path, because most
 * messages consist of them.
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
