import { partsOf } from "../containers.ts";
import { reserveNothing } from "../objects.ts";
import type { Container } from "../value-type.ts";

/** Own properties of errors that travel, although they aren't enumerable. */
export const HIDDEN_PROPERTIES = ["cause", "errors"] as const;

/** Errors as containers. Their properties may hold references that a peer sent. */
export const errorContainer: Container<Error> & { memory(error: Error): number } = {
  isIncidental: true,
  copy(error, cx) {
    const copy = cloneError(error);
    const keys = propertiesOf(error);
    cx.count(keys.length);
    for (const key of keys) {
      const { value } = Object.getOwnPropertyDescriptor(error, key)!;
      const part = cx.copy(value, copy, key);
      if (part !== value) Object.defineProperty(copy, key, { value: part });
    }
    return copy;
  },
  parts: (error) => partsOf(error, propertiesOf(error)),
  memory(error) {
    // The bytes that an error counts, and that the name of each property counts besides its text.
    // Other objects share the names of theirs; errors mostly don't.
    const BYTES = 768;
    const NAME_BYTES = 64;
    let bytes = BYTES;
    for (const key of Object.keys(error)) bytes += NAME_BYTES + key.length;
    return bytes;
  },
};

/** The names of an error's properties that may be sent, or that may hold references from a peer. */
function propertiesOf(error: Error): readonly string[] {
  const hidden = HIDDEN_PROPERTIES.filter((key) => Object.hasOwn(error, key));
  return [...new Set([...Object.keys(error), ...hidden])];
}

/**
 * An error of the same class with the same properties, all of which can be assigned to. It lacks
 * everything that its constructor keeps elsewhere, such as private fields.
 */
function cloneError(error: Error): Error {
  const isOfPlatform = typeof DOMException === "function" && error instanceof DOMException;
  const clone: Error = isOfPlatform
    ? new DOMException(error.message, error.name)
    : Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error));
  // Symbols stay behind, because one of them disposes of the original.
  const keys = Object.getOwnPropertyNames(error);
  reserveNothing(clone, keys);
  for (const key of keys) {
    // Engines differ in the form of the property `stack`.
    const property =
      key === "stack" ? { value: error.stack } : Object.getOwnPropertyDescriptor(error, key)!;
    const change = "value" in property && { writable: true, configurable: true };
    Object.defineProperty(clone, key, { ...property, ...change });
  }
  return clone;
}
