import { isPlain } from "./containers.ts";
import { cut, EncodeError, UNSHOWABLE } from "./errors.ts";

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
  if (typeof error !== "object" || error === null || !culprits.has(error)) return error;
  const culprit = culprits.get(error);
  const place = cut(pathTo(culprit, root, name) ?? name);
  const message = `${(error as Error).message} (${place}: ${nameOf(culprit)})`;
  if (error instanceof EncodeError) return new EncodeError(`${message}. ${remedy(culprit)}`);
  return new (error.constructor as new (message: string) => Error)(message);
}

/** The kind of a value, with an article, for error messages. */
export function kindOf(value: unknown): string {
  const name = nameOf(value);
  if (typeof value !== "object" || value === null) return `a ${name}`;
  return NAMELESS.has(name) ? `an ${name}` : `an instance of ${name}`;
}

const NO_PROTOTYPE = "object without a prototype";
const NO_NAME = "object of a class without a name";
const NAMELESS: ReadonlySet<string> = new Set([NO_PROTOTYPE, NO_NAME]);

/** The name of a value's class or type. `object` if looking at the value throws. */
export function nameOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  try {
    const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null;
    if (prototype === null) return NO_PROTOTYPE;
    const name = prototype.constructor?.name;
    return typeof name === "string" && name ? cut(name) : NO_NAME;
  } catch {
    return "object";
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  symbol: "Send a string instead.",
  Map: "Send [...map] instead.",
  Set: "Send [...set] instead.",
  URLSearchParams: "Send its text instead: String(params).",
  RegExp: "Send its source and flags instead.",
  FormData: "Send [...formData] instead.",
  Float16Array: "Send a Float32Array instead.",
  AbortSignal: "Pass a function that the receiver calls, or dispose of the call's promise.",
};

function remedy(value: unknown): string {
  const known = REMEDIES[nameOf(value)];
  if (known) return known;
  try {
    if (typeof (value as { then?: unknown }).then === "function") return "Await it first.";
    if (Object.getPrototypeOf(value) === null) return "Send { ...object } instead.";
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

/** Most values that a search for a place looks at. */
const MOST_SEARCHED = 100_000;

function pathTo(culprit: unknown, root: unknown, name: string): string | undefined {
  const seen = new Set<object>();
  const search = (value: unknown, path: string): string | undefined => {
    if (value === culprit) return path;
    if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
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
  return /^[\w$]+$/.test(key) && !/^\d/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
