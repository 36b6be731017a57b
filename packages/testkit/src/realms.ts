// Some test runners, such as jest, run tests in a realm of their own, in which `instanceof` fails
// for objects of Node's realm.

/** The class of a built-in object of any realm: `"Error"`, `"Blob"`, `"Date"`. */
export function classOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** True if a value is an error of any realm. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || ["Error", "DOMException"].includes(classOf(value));
}

/** True if a value is an object literal of any realm. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    typeof prototype === "object" &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "hasOwnProperty")
  );
}

/** Converts an error, date or view of bytes to this realm, for code that uses `instanceof`. */
export function toThisRealm(value: unknown): unknown {
  if (isError(value)) return value instanceof Error ? value : copyOfError(value);
  if (classOf(value) === "Date") {
    return value instanceof Date ? value : new Date(Number(value));
  }
  if (ArrayBuffer.isView(value)) {
    const View = (globalThis as any)[classOf(value)];
    if (View === undefined || value instanceof View) return value;
    const { buffer, byteOffset, byteLength } = value;
    return new View(new Uint8Array(buffer, byteOffset, byteLength).slice().buffer);
  }
  return value;
}

function copyOfError(error: Error): Error {
  const copy = new Error(error.message);
  Object.defineProperty(copy, "name", { value: error.name });
  const { errors } = error as AggregateError;
  const hidden = Object.entries({ cause: error.cause, errors }).filter(
    ([, value]) => value !== undefined,
  );
  for (const [key, value] of [...Object.entries(error), ...hidden]) {
    (copy as any)[key] = Array.isArray(value) ? value.map(toThisRealm) : toThisRealm(value);
  }
  return copy;
}
