import { isPlain } from "./containers.ts";
import { cut, EncodeError, UNSHOWABLE } from "./errors.ts";
import { isObject } from "./objects.ts";
import { ownTypeOf } from "./own-types.ts";

/** Values that can't be encoded, by their errors. Their place is looked for afterwards. */
const culprits = new WeakMap<object, unknown>();

/** The error for a value that no value type claims. It starts with the words of `capnweb`. */
export function cannotEncode(value: unknown): EncodeError {
  return blaming(value, new EncodeError(`Cannot serialize value: ${shown(value)}`));
}

/** Notes that `error` is about `value`, so that {@link withPlace} can name its place. */
export function blaming<E extends Error>(value: unknown, error: E): E {
  culprits.set(error, value);
  return error;
}

/**
 * Adds to an error of {@link blaming} the place of its value in `root`, and a remedy. The place is
 * looked for only after encoding has failed, so that encoding needn't keep track.
 *
 * @param name the name of `root`: `arguments`, `result`
 * @returns a new error, or the same if it isn't one of {@link blaming}
 */
export function withPlace(error: unknown, root: unknown, name: string): unknown {
  if (!isObject(error) || !culprits.has(error)) return error;
  const culprit = culprits.get(error);
  const place = cut(pathTo(culprit, root, name) ?? name);
  const message = `${(error as Error).message} (${place}: ${nameOf(culprit)})`;
  if (error instanceof EncodeError) return new EncodeError(`${message}. ${remedyFor(culprit)}`);
  return new (error.constructor as new (message: string) => Error)(message);
}

/** The kind of a value, with an article, for error messages. */
export function kindOf(value: unknown): string {
  const name = nameOf(value);
  if (!isObject(value)) return `a ${name}`;
  return name === NO_PROTOTYPE || name === NO_NAME ? `an ${name}` : `an instance of ${name}`;
}

const NO_PROTOTYPE = "object without a prototype";
const NO_NAME = "object of a class without a name";

/** The name of a value's class or type. `object` if looking at the value throws. */
export function nameOf(value: unknown): string {
  if (!isObject(value)) return typeof value;
  try {
    const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
    if (prototype === null) return NO_PROTOTYPE;
    const name = prototype.constructor?.name;
    return typeof name === "string" && name ? cut(name) : NO_NAME;
  } catch {
    return "object";
  }
}

/** The values to send instead of those that can't travel. */
const SUBSTITUTES: Readonly<Record<string, string>> = {
  symbol: "a string",
  Map: "[...map]",
  Set: "[...set]",
  URLSearchParams: "String(params)",
  RegExp: "its source and flags",
  FormData: "[...formData]",
  Float16Array: "a Float32Array",
  [NO_PROTOTYPE]: "{ ...object }",
};

/** The advice for a value that can't be sent. */
export function remedyFor(value: unknown): string {
  const name = nameOf(value);
  if (name === "AbortSignal") {
    return "Dispose of the call's promise to cancel it.";
  }
  if (Object.hasOwn(SUBSTITUTES, name)) return `Send ${SUBSTITUTES[name]} instead.`;
  try {
    if (typeof (value as { then?: unknown }).then === "function") return "Await it first.";
    if (ownTypeOf(value as object)) return "Give its value type to the option types of both ends.";
  } catch {
    // Looking at the value throws.
  }
  return "Send a plain object, or have its class extend RpcTarget to send a stub.";
}

function shown(value: unknown): string {
  try {
    return cut(`${value as string}`);
  } catch {
    // A symbol, or an object whose own methods throw.
    return UNSHOWABLE;
  }
}

function pathTo(culprit: unknown, root: unknown, name: string): string | undefined {
  // Most values to look at.
  const MOST_SEARCHED = 100_000;
  const seen = new Set<object>();
  const search = (value: unknown, path: string): string | undefined => {
    if (value === culprit) return path;
    if (!isObject(value) || seen.has(value)) return undefined;
    if (seen.size >= MOST_SEARCHED) return undefined;
    seen.add(value);
    const isArray = Array.isArray(value);
    if (!isArray && !isPlain(value)) return undefined;
    for (const key of Object.keys(value)) {
      const child = (value as Record<string, unknown>)[key];
      const found = search(child, isArray ? `${path}[${key}]` : `${path}${member(key)}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  try {
    return search(root, name);
  } catch {
    // A getter failed, or the value is too deep.
    return undefined;
  }
}

function member(key: string): string {
  return /^[a-z_$][\w$]*$/i.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
