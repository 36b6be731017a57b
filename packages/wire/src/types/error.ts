import { unknownExpression } from "../errors.ts";
import { isReachableKey } from "../property-path.ts";
import type { DecodeContext, EncodeContext, Expression, ValueType } from "../value-type.ts";

interface ErrorClass {
  new (message: string): Error;
}

/** The classes that a name on the wire may choose. A Map, so that no name finds anything else. */
const CLASSES: ReadonlyMap<string, ErrorClass> = new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [
    type.name,
    type,
  ]),
);

/** What has a place of its own in the expression. */
const NOT_PROPERTIES: ReadonlySet<string> = new Set(["name", "message", "stack"]);

/** Own properties that `new Error()` and `AggregateError` make not enumerable, and that travel. */
const HIDDEN_PROPERTIES = ["cause", "errors"] as const;

export const errorType: ValueType<Error> = {
  kind: "Error",
  tags: ["error"],
  matches: (value): value is Error => value instanceof Error,
  encode(value, cx) {
    const replacement = cx.onSendError?.(value);
    const error = replacement instanceof Error ? replacement : value;
    const { name, message } = error;
    const stack = replacement instanceof Error ? error.stack : undefined;
    const properties = encodeProperties(error, cx);
    const expression: Expression[] = ["error", String(name), String(message)];
    if (typeof stack === "string") expression.push(stack);
    else if (properties !== undefined) expression.push(null);
    if (properties !== undefined) expression.push(properties);
    return expression;
  },
  decode(expression, cx) {
    const [, name, message, stack, properties] = expression;
    if (typeof name !== "string" || typeof message !== "string") {
      throw unknownExpression(expression);
    }
    const error =
      name === "AggregateError"
        ? new AggregateError([], message)
        : new (CLASSES.get(name) ?? Error)(message);
    if (typeof stack === "string") error.stack = stack;
    if (properties !== undefined) {
      if (typeof properties !== "object" || properties === null || Array.isArray(properties)) {
        throw unknownExpression(expression);
      }
      decodeProperties(error, properties as Record<string, Expression>, cx);
    }
    return error;
  },
};

function propertiesOf(error: Error): string[] {
  const keys = Object.keys(error);
  for (const key of HIDDEN_PROPERTIES) {
    if (Object.hasOwn(error, key) && !keys.includes(key)) keys.push(key);
  }
  return keys.filter((key) => !NOT_PROPERTIES.has(key) && key !== "__proto__");
}

function encodeProperties(error: Error, cx: EncodeContext): object | undefined {
  let encoded: Record<string, Expression> | undefined;
  for (const key of propertiesOf(error)) {
    let value: unknown;
    try {
      value = (error as unknown as Record<string, unknown>)[key];
    } catch {
      // A getter that fails loses its property, not the error.
      continue;
    }
    cx.attempt(value, (expression) => {
      encoded ??= {};
      encoded[key] = expression;
    });
  }
  return encoded;
}

function decodeProperties(
  error: Error,
  properties: Readonly<Record<string, Expression>>,
  cx: DecodeContext,
): void {
  const target = error as unknown as Record<string, unknown>;
  for (const key of Object.keys(properties)) {
    if (!isReachableKey(key) || NOT_PROPERTIES.has(key)) {
      cx.decode(properties[key], {}, key);
      continue;
    }
    target[key] = cx.decode(properties[key], target, key);
  }
}
