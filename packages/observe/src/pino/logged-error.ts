/** Longer messages and stacks of errors are cut. Peers make errors too. */
const LONGEST_MESSAGE = 1_000;
const LONGEST_STACK = 8_000;
const LONGEST_CODE = 64;

const MOST_CAUSES = 3;

/**
 * The part of an error, or of any thrown value, that a log has: an error of the same class with the
 * message, the code, the stack and the causes. Other properties aren't logged: they may have any
 * size, and may be arguments or secrets. Never throws.
 */
export function loggedError(error: unknown, causes = MOST_CAUSES): Error {
  try {
    if (!(error instanceof Error)) return errorOf(Error.prototype, textOf(error));
    const { message, stack, code, cause } = error as Error & { readonly code?: unknown };
    return errorOf(Object.getPrototypeOf(error), cut(message, LONGEST_MESSAGE), {
      ...(isCode(code) && { code: { value: code, enumerable: true } }),
      ...(typeof stack === "string" && { stack: { value: cut(stack, LONGEST_STACK) } }),
      ...(cause !== undefined &&
        causes > 0 && { cause: { value: loggedError(cause, causes - 1) } }),
    });
  } catch {
    return errorOf(Error.prototype, "The error can't be read.");
  }
}

/** Makes an error without its constructor, which takes a stack and may be the application's. */
function errorOf(prototype: object, message: string, more: PropertyDescriptorMap = {}): Error {
  return Object.create(prototype, { message: { value: message }, ...more });
}

/** The text of a scalar. Other values may hold anything. */
function textOf(value: unknown): string {
  const isScalar = (typeof value !== "object" || value === null) && typeof value !== "function";
  return isScalar ? cut(String(value), LONGEST_MESSAGE) : "A value that is no error was thrown.";
}

function isCode(code: unknown): code is string | number {
  return typeof code === "number" || (typeof code === "string" && code.length <= LONGEST_CODE);
}

function cut(text: unknown, longest: number): string {
  const whole = String(text);
  return whole.length > longest ? `${whole.slice(0, longest)}…` : whole;
}
