import { isExpression, isRecord, isString, optional } from "../operands.ts";
import { isReachableKey } from "../property-path.ts";
import type { Expression, ValueType } from "../value-type.ts";

type Properties = Record<string, Expression>;

/** The classes that a name on the wire may choose. A Map, so that no name finds anything else. */
const CLASSES: ReadonlyMap<string, new (message: string) => Error> = new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [
    type.name,
    type,
  ]),
);

/** What has a place of its own in the expression, or none anywhere. */
const NOT_PROPERTIES: ReadonlySet<string> = new Set(["name", "message", "stack", "__proto__"]);

/** Own properties that `new Error()` and `AggregateError` make not enumerable, and that travel. */
const HIDDEN_PROPERTIES = ["cause", "errors"] as const;

export const errorType: ValueType<
  Error,
  [name: string, message: string, stack: unknown, properties: Properties | undefined]
> = {
  kind: "Error",
  tags: ["error"],
  // A stack is captured.
  weight: 48,
  operands: [isString, isString, isExpression, optional(isRecord)],
  matches: (value): value is Error => value instanceof Error,
  encode(value, cx) {
    const replacement = cx.onSendError?.(value);
    const isReplaced = replacement instanceof Error;
    const error = isReplaced ? replacement : value;
    const properties: Properties = {};
    for (const key of new Set([...Object.keys(error), ...HIDDEN_PROPERTIES])) {
      if (NOT_PROPERTIES.has(key) || !Object.hasOwn(error, key)) continue;
      let property: unknown;
      try {
        property = (error as unknown as Record<string, unknown>)[key];
      } catch {
        // A getter that fails loses its property, not the error.
        continue;
      }
      cx.attempt(property, (expression) => {
        properties[key] = expression;
      });
    }
    const expression = ["error", String(error.name), String(error.message)];
    const stack = isReplaced && typeof error.stack === "string" ? error.stack : null;
    if (Object.keys(properties).length > 0) return [...expression, stack, properties];
    return stack === null ? expression : [...expression, stack];
  },
  decode([, name, message, stack, properties = {}], cx) {
    const error =
      name === "AggregateError"
        ? new AggregateError([], message)
        : new (CLASSES.get(name) ?? Error)(message);
    if (typeof stack === "string") error.stack = stack;
    for (const key of Object.keys(properties)) {
      const isProperty = isReachableKey(key) && !NOT_PROPERTIES.has(key);
      // What isn't taken is decoded all the same, so that what it refers to is accounted for.
      const target = (isProperty ? error : {}) as Record<string, unknown>;
      target[key] = cx.decode(properties[key], target, key);
    }
    return error;
  },
};
