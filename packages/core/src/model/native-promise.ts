import { isPlain } from "@capnweb/wire/internal";

const NOTHING = () => {};

/**
 * Whether a value is a promise of the platform, of this realm or another. An object that merely has
 * a `then` method is none: a peer's value, or a query that runs when it is awaited, may have one.
 */
export function isNativePromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Promise) return true;
  if (isPlain(value) || Array.isArray(value)) return false;
  const { then } = Promise.prototype;
  // Looked at first, because `then` has effects where the value is a promise.
  if (Object.prototype.toString.call(value) !== "[object Promise]") return false;
  try {
    Reflect.apply(then, value, [undefined, NOTHING]);
    return true;
  } catch {
    return false;
  }
}

/** Sees to it that a promise's rejection isn't unhandled, if a value is a native promise. */
export function handleRejection(value: unknown): void {
  if (isNativePromise(value)) value.then(undefined, NOTHING);
}
