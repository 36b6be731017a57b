/**
 * Marks the prototypes of objects that travel by reference. The symbol is global, so that several
 * copies of a library agree on it.
 */
export const BY_REFERENCE: unique symbol = Symbol.for("capnweb.byReference") as never;

/** True if an object travels by reference because of its class. */
export function isByReference(value: object): boolean {
  return (value as { [BY_REFERENCE]?: unknown })[BY_REFERENCE] === true;
}
