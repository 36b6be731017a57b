/** Own properties that travel although they aren't enumerable. */
const HIDDEN = ["cause", "errors"] as const;

/** The names of an error's properties that may travel, or may hold references that a peer sent. */
export function propertiesOf(error: Error): readonly string[] {
  const hidden = HIDDEN.filter((key) => Object.hasOwn(error, key));
  return [...new Set([...Object.keys(error), ...hidden])];
}

/**
 * An error of the same class with the same properties, all of which can be assigned to. What its
 * constructor keeps elsewhere, as in private fields, it lacks.
 */
export function cloneError(error: Error): Error {
  const isOfPlatform = typeof DOMException === "function" && error instanceof DOMException;
  const clone: Error = isOfPlatform
    ? new DOMException(error.message, error.name)
    : Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error));
  // Symbols stay: one of them disposes of the original.
  for (const key of Object.getOwnPropertyNames(error)) {
    const property = Object.getOwnPropertyDescriptor(error, key)!;
    // Engines differ in how a stack is a property.
    if (key === "stack") {
      Object.defineProperty(clone, key, {
        value: error.stack,
        writable: true,
        configurable: true,
      });
    } else if ("value" in property) {
      Object.defineProperty(clone, key, { ...property, writable: true, configurable: true });
    } else Object.defineProperty(clone, key, property);
  }
  return clone;
}
