import { CodedError, CodedSyntaxError, CodedTypeError } from "@capnweb/wire/coded";
import type { LimitName, LimitOptionName, Limits } from "./limits.ts";

const EXCERPT_LENGTH = 1000;

/** The most values of a tree that has an excerpt. */
const MOST_SHOWN = 100_000;

/**
 * The errors of this package. `code` is on the prototype, because an own `code` would travel with
 * the error. `name` stays that of the built-in class, because an unknown name decodes as a plain
 * `Error`.
 */

/** A value can't travel, because the protocol has no expression for its kind. */
export class EncodeError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "UNENCODABLE" {
    return "UNENCODABLE";
  }
}

/** A value is nested too deep to be sent, or contains itself. */
export class DepthError extends CodedError {
  /** The same for every error of this class. */
  get code(): "TOO_DEEP" {
    return "TOO_DEEP";
  }

  constructor() {
    super("Serialization exceeded maximum allowed depth. (Does the message contain cycles?)");
  }
}

/** True if an error says that a value can't travel, and not that sending it failed. */
export function isEncodeFailure(error: unknown): error is EncodeError | DepthError {
  return isInstance(error, EncodeError) || isInstance(error, DepthError);
}

/** True if a value is an instance of a class, and no proxy whose traps throw. */
export function isInstance<T>(
  value: unknown,
  type: abstract new (...args: any[]) => T,
): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** The protocol doesn't know a message, or the message refers to something that isn't there. */
export class ProtocolError extends CodedError {
  /** The same for every error of this class. */
  get code(): "PROTOCOL" {
    return "PROTOCOL";
  }
}

/** The protocol doesn't know an expression. */
export class ExpressionError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "BAD_EXPRESSION" {
    return "BAD_EXPRESSION";
  }
}

/** A message's text isn't JSON. */
export class MessageSyntaxError extends CodedSyntaxError {
  /** The same for every error of this class. */
  get code(): "BAD_JSON" {
    return "BAD_JSON";
  }
}

/** The peer went over one of the receiver's limits. */
export class LimitError extends CodedTypeError {
  readonly #limit: LimitName | LimitOptionName | undefined;

  /** @param limit the name of the limit, or of the transport's option that sets it */
  constructor(message: string, limit?: LimitName | LimitOptionName) {
    super(message);
    this.#limit = limit;
  }

  /** The same for every error of this class. */
  get code(): "LIMIT" {
    return "LIMIT";
  }

  /**
   * The name of the limit: one of {@link Limits}, or an option of a transport. A peer that
   * announced extensions sends the name along, so that both sides know it.
   */
  get limit(): LimitName | LimitOptionName | undefined {
    return this.#limit;
  }
}

/** The error for a peer that went over a limit. Its message names the setting to raise. */
export function overLimit<L extends LimitName>(limits: Pick<Limits, L>, limit: L): LimitError {
  return new LimitError(`Over limits.${limit} of ${limits[limit]}. The receiver sets it.`, limit);
}

/** The error for an expression that no value type recognises. */
export function unknownExpression(expression: unknown, options?: ErrorOptions): ExpressionError {
  return new ExpressionError(
    `unknown special value: ${excerpt(expression)}${hintAt(expression)}`,
    options,
  );
}

/** The remedy for an expression with a tag of applications, which contains a colon. */
function hintAt(expression: unknown): string {
  const tag: unknown = Array.isArray(expression) && expression[0];
  if (typeof tag !== "string" || !tag.includes(":")) return "";
  return ". Give its value type to the option types of both ends.";
}

/** The error for an expression that is nested too deep. */
export function tooDeep(allowed: number): LimitError {
  return new LimitError(
    `Deserialization exceeded maximum allowed message depth of ${allowed}.`,
    "maxDepth",
  );
}

/** The excerpt of a value that has no text. */
export const UNSHOWABLE = "(couldn't stringify value)";

/** The beginning of a received tree, for an error message. It may be huge, deep or no JSON. */
export function excerpt(tree: unknown): string {
  let left = MOST_SHOWN;
  try {
    // A structured clone may have a list of billions of holes, or one object in many places.
    const text =
      JSON.stringify(tree, (_key, value: unknown) => {
        if (left-- <= 0) throw new RangeError();
        return value;
      }) ?? String(tree);
    return cut(text);
  } catch {
    return UNSHOWABLE;
  }
}

/** The beginning of a text, for an error message. */
export function cut(text: string): string {
  return text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH)}...`;
}
