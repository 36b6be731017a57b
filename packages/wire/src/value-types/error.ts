import { unexplained } from "@capnweb/wire/coded";
import { isLimitName } from "../limits.ts";
import { defineHidden, isIndex, objectFor, reserveNothing } from "../objects.ts";
import { isExpression, isRecord, isString, optional } from "../operands.ts";
import { isReachableKey } from "../property-path.ts";
import { RpcError } from "../rpc-error.ts";
import type { EncodeContext, Expression, ValueType } from "../value-type.ts";
import { errorContainer, HIDDEN_PROPERTIES } from "./error-parts.ts";

type Properties = Record<string, Expression>;

/** The classes that a name in a message may choose. A Map, so that no name finds anything else. */
const CLASSES: ReadonlyMap<string, new (message: string) => Error> = new Map(
  Object.entries({
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    RpcError,
  }),
);

/** Members that have a place of their own in the expression, or don't travel. */
const NOT_PROPERTIES: ReadonlySet<string> = new Set(["name", "message", "stack", "__proto__"]);

export const errorType: ValueType<
  Error,
  [name: string, message: string, stack: unknown, properties: Properties | undefined]
> = {
  ...errorContainer,
  kind: "Error",
  tags: ["error"],
  // Capturing a stack takes time.
  weight: 72,
  operands: [isString, isString, isExpression, optional(isRecord)],
  matches: (value): value is Error => value instanceof Error,
  encode(value, cx) {
    cx.metError?.();
    const replacement = cx.onSendError?.(value);
    const isReplaced = replacement instanceof Error;
    const error = isReplaced ? replacement : value;
    const keys = [...keysOf(error, cx)];
    const properties: Properties = objectFor(keys.filter(isIndex));
    for (const key of keys) {
      const property = read(error, key);
      // A getter that fails loses its property, not the error.
      if (!property.isRead) continue;
      cx.attempt(property.value, (expression) => {
        cx.measure?.(key.length);
        properties[key] = expression;
      });
    }
    const code = cx.inheritedCodes && !("code" in properties) && read(error, "code").value;
    if (typeof code === "string") properties["code"] = code;
    // Only of this library's errors: an application's `limit` may tell secrets.
    const limit = cx.inheritedCodes && !("limit" in properties) && read(error, "limit").value;
    if (isLimitName(limit) && !Object.hasOwn(error, "limit")) properties["limit"] = limit;
    const expression = ["error", textOf(error, "name", "Error"), textOf(error, "message", "")];
    const stack = isReplaced ? read(error, "stack").value : undefined;
    const sentStack = typeof stack === "string" ? unexplained(stack) : null;
    if (Object.keys(properties).length > 0) return [...expression, sentStack, properties];
    return sentStack === null ? expression : [...expression, sentStack];
  },
  decode([, name, message, stack, properties = {}], cx) {
    const known = cx.libraryError?.(name, message, properties);
    const error = known ?? make(name, message);
    if (typeof stack === "string") error.stack = stack;
    const keys = Object.keys(properties);
    reserveNothing(error, keys);
    for (const key of keys) {
      const isProperty = isReachableKey(key) && !NOT_PROPERTIES.has(key);
      // Dropped properties are decoded too, so that references in them are counted and released.
      const target = isProperty ? error : {};
      const value = cx.decode(properties[key], target, key);
      // The code and the limit are on the prototype already.
      if (known && key in known && !Object.hasOwn(known, key)) continue;
      // If an application awaits the error, `await` would call a function.
      if (key !== "then" || typeof value !== "function") put(target, key, value);
    }
    return error;
  },
};

/** The names of `DOMException`s that the platform throws for aborted, late or uncloneable work. */
const DOM_EXCEPTIONS: ReadonlySet<string> = new Set([
  "AbortError",
  "TimeoutError",
  "DataCloneError",
]);

/** An error with a name that a peer chose, of the class with that name if it is known. */
function make(name: string, message: string): Error {
  if (name === "AggregateError") return new AggregateError([], message);
  if (DOM_EXCEPTIONS.has(name) && typeof DOMException === "function") {
    return new DOMException(message, name);
  }
  const error = new (CLASSES.get(name) ?? Error)(message);
  if (error.name !== name) {
    defineHidden(error, "name", name);
  }
  return error;
}

/** Sets a property, also one that a `DOMException` inherits as read-only. */
function put(target: object, key: string, value: unknown): void {
  const isOwn = !(key in target) || Object.hasOwn(target, key);
  if (isOwn) (target as Record<string, unknown>)[key] = value;
  else {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

/** The names of an error's own properties that are sent. None if looking at the error throws. */
function keysOf(error: Error, { errorProperties = [] }: EncodeContext): Iterable<string> {
  try {
    const keys = new Set(
      errorProperties === "all"
        ? Object.keys(error)
        : [
            ...(isCode(read(error, "code").value) ? ["code"] : []),
            ...named(error),
            ...errorProperties,
          ],
    );
    for (const key of HIDDEN_PROPERTIES) keys.add(key);
    return [...keys].filter((key) => !NOT_PROPERTIES.has(key) && Object.hasOwn(error, key));
  } catch {
    return [];
  }
}

/** True if a `code` is of a type that only tells errors apart. Others may tell secrets. */
function isCode(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

/** The names in the static `rpcProperties` of an error's class. */
function named(error: Error): readonly string[] {
  const names: unknown = Object.getPrototypeOf(error)?.constructor?.rpcProperties;
  return Array.isArray(names) ? names.filter(isString) : [];
}

/** Reads a member. The application's code may compute it, and throw. */
function read(error: Error, key: string): { isRead: boolean; value?: unknown } {
  try {
    return { isRead: true, value: (error as unknown as Record<string, unknown>)[key] };
  } catch {
    return { isRead: false };
  }
}

/** The text of a member, or `otherwise` if it has none. */
function textOf(error: Error, key: "name" | "message", otherwise: string): string {
  try {
    return String(error[key]);
  } catch {
    return otherwise;
  }
}
