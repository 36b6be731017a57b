import { DepthError, EncodeError, isLimitName, LimitError } from "@capnweb/wire";
import { CallTimeoutError, PathError } from "../errors.ts";

/**
 * The classes that a received error may have, by code. They are about a call, which means the same
 * on both sides. Other classes are about the side that made the error: a peer's `DisposedError`
 * isn't about our stubs, so it arrives with its code and no class.
 */
const CLASSES: Map<unknown, { readonly prototype: Error }> = new Map<
  unknown,
  { readonly prototype: Error }
>(
  [EncodeError, DepthError, PathError, CallTimeoutError].map((each) => [each.prototype.code, each]),
);

/** Makes errors of a class arrive as such, in a program that has the class. */
export function knowErrorClass(known: { readonly prototype: Error & { readonly code: string } }) {
  CLASSES.set(known.prototype.code, known);
}

/** Makes an error of this library from one that an announced peer sent, if it is one. */
export function libraryError(
  name: string,
  message: string,
  { code, limit }: Readonly<Record<string, unknown>>,
): Error | undefined {
  if (code === "LIMIT" && name === LimitError.prototype.name) {
    return new LimitError(message, isLimitName(limit) ? limit : undefined);
  }
  const known = CLASSES.get(code);
  if (known?.prototype.name !== name) return undefined;
  // Their own constructors write the message themselves.
  return Reflect.construct(Object.getPrototypeOf(known), [message], known as never) as Error;
}
