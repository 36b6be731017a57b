/** True if a value is an object or a list, and not a function. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** True if a value has an identity: an object, a list or a function. */
export function isObjectOrFunction(value: unknown): value is object {
  return typeof value === "function" || isObject(value);
}

/** Gives an object a property of its own that enumeration skips. */
export function defineHidden(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
}
