import { isObject, isPlain } from "@capnweb/wire/internal";

const NOTHING = () => {};

/**
 * True if a value is a promise of the platform, of this realm or another. An object that only has a
 * `then` method isn't one: a peer's value, or a query that runs when it is awaited, may have such a
 * method.
 */
export function isNativePromise(value: unknown): value is Promise<unknown> {
  if (!isObject(value)) return false;
  if (value instanceof Promise) return true;
  if (isPlain(value) || Array.isArray(value)) return false;
  const { then } = Promise.prototype;
  // Checked first, because reading `then` has effects if the value is a promise of ours.
  if (Object.prototype.toString.call(value) !== "[object Promise]") return false;
  try {
    Reflect.apply(then, value, [undefined, NOTHING]);
    return true;
  } catch {
    return false;
  }
}

/** Keeps a promise's rejection from being unhandled, if a value is a native promise. */
export function handleRejection(value: unknown): void {
  if (isNativePromise(value)) value.then(undefined, NOTHING);
}
