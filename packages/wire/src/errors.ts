import type { LimitName, LimitOptionName } from "./limits.ts";

/**
 * The errors of this package. `code` is on the prototype, and `name` stays that of the built-in
 * class: an own `code` would travel with the error, and a class name that the receiver doesn't know
 * decodes as a plain `Error`.
 */

/** A value can't travel: it is of a kind that the protocol has no expression for. */
export class EncodeError extends TypeError {
  get code(): "UNENCODABLE" {
    return "UNENCODABLE";
  }
}

/** A value is nested too deep to be sent, or contains itself. */
export class DepthError extends Error {
  get code(): "TOO_DEEP" {
    return "TOO_DEEP";
  }

  constructor() {
    super("Serialization exceeded maximum allowed depth. (Does the message contain cycles?)");
  }
}

/** Whether an error says that a value can't travel, as opposed to a fault in sending it. */
export function isEncodeFailure(error: unknown): error is EncodeError | DepthError {
  try {
    return error instanceof EncodeError || error instanceof DepthError;
  } catch {
    // A proxy that doesn't let itself be looked at.
    return false;
  }
}

/** A message isn't one that the protocol knows, or refers to something that isn't there. */
export class ProtocolError extends Error {
  get code(): "PROTOCOL" {
    return "PROTOCOL";
  }
}

/** An expression isn't one that the protocol knows. */
export class ExpressionError extends TypeError {
  get code(): "BAD_EXPRESSION" {
    return "BAD_EXPRESSION";
  }
}

/** A message's text isn't JSON. */
export class MessageSyntaxError extends SyntaxError {
  get code(): "BAD_JSON" {
    return "BAD_JSON";
  }
}

/** The peer went over one of the receiver's limits. */
export class LimitError extends TypeError {
  readonly #limit: LimitName | LimitOptionName | undefined;

  /** @param limit the name of the limit, or of the transport's option that sets it */
  constructor(message: string, limit?: LimitName | LimitOptionName) {
    super(message);
    this.#limit = limit;
  }

  get code(): "LIMIT" {
    return "LIMIT";
  }

  /**
   * The name of the limit: one of {@link Limits}, or an option of a transport. A peer that
   * announced extensions sends it as well, so it is known on either side.
   */
  get limit(): LimitName | LimitOptionName | undefined {
    return this.#limit;
  }
}

/** Whether an error says that a limit was exceeded. */
export function isLimitError(error: unknown): error is LimitError {
  try {
    return error instanceof LimitError;
  } catch {
    // A proxy that doesn't let itself be looked at.
    return false;
  }
}

/** The error for a peer that went over a limit, with the way to raise it. */
export function overLimit(limit: LimitName, message: string): LimitError {
  return new LimitError(`${message} The receiver sets limits.${limit}.`, limit);
}

/** The error for an expression that no value type recognises. */
export function unknownExpression(expression: unknown, options?: ErrorOptions): ExpressionError {
  return new ExpressionError(`unknown special value: ${excerpt(expression)}`, options);
}

/** The error for an expression that is nested too deep. */
export function tooDeep(allowed: number): LimitError {
  return new LimitError(
    `Deserialization exceeded maximum allowed message depth of ${allowed}.`,
    "maxDepth",
  );
}

const EXCERPT_LENGTH = 1000;

/** Of a larger tree there is no excerpt. */
const MOST_SHOWN = 100_000;

/** Stands for what can't be made text of. */
export const UNSHOWABLE = "(couldn't stringify value)";

/** As much of a received tree as an error message may show: it may be huge, deep or no JSON. */
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

/** As much of a text as an error message may show. */
export function cut(text: string): string {
  return text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH)}...`;
}
