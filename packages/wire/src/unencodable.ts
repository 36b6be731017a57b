import { cut, EncodeError, UNSHOWABLE } from "./errors.ts";

/**
 * Values that failed to be encoded, by the errors that say so: the place is looked for afterwards.
 */
const culprits = new WeakMap<object, unknown>();

/** The error for a value that no value type claims. It begins with the words of `capnweb`. */
export function cannotEncode(value: unknown): EncodeError {
  return blaming(value, new EncodeError(`Cannot serialize value: ${shown(value)}`));
}

/** `error`, of which {@link withPlace} is to say where `value` stands. */
export function blaming<E extends Error>(value: unknown, error: E): E {
  culprits.set(error, value);
  return error;
}

/**
 * An error that says more than one that {@link blaming} gave: where in `root` the value stands, and
 * how it could travel. Any other error is returned as it is. The place is looked for only when
 * encoding has failed, so that encoding needn't keep track.
 *
 * @param name of `root`: `arguments`, `result`
 */
export function withPlace(error: unknown, root: unknown, name: string): unknown {
  if (typeof error !== "object" || error === null || !culprits.has(error)) return error;
  const culprit = culprits.get(error);
  const place = cut(pathTo(culprit, root, name) ?? name);
  const message = `${(error as Error).message} (${place}: ${nameOf(culprit)})`;
  if (error instanceof EncodeError) return new EncodeError(`${message}. ${remedy(culprit)}`);
  return new (error.constructor as new (message: string) => Error)(message);
}

/** What a value is, for error messages. */
export function kindOf(value: unknown): string {
  const name = nameOf(value);
  if (typeof value !== "object" || value === null) return `a ${name}`;
  return NAMELESS.has(name) ? `an ${name}` : `an instance of ${name}`;
}

const NO_PROTOTYPE = "object without a prototype";
const NO_NAME = "object of a class without a name";
const NAMELESS: ReadonlySet<string> = new Set([NO_PROTOTYPE, NO_NAME]);

/** The name of a value's class, or of its type, as far as it lets itself be looked at. */
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
    // What can't be looked at can't be helped.
  }
  return "Send a plain object, or have its class extend RpcTarget to send a stub.";
}

function shown(value: unknown): string {
  try {
    return cut(`${value as string}`);
  } catch {
    // A symbol, or an object whose own methods don't make text of it.
    return UNSHOWABLE;
  }
}

/** How many values are looked at for a culprit. */
const MOST_SEARCHED = 100_000;

function pathTo(culprit: unknown, root: unknown, name: string): string | undefined {
  const seen = new Set<object>();
  const search = (value: unknown, path: string): string | undefined => {
    if (value === culprit) return path;
    if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
    if (seen.size >= MOST_SEARCHED) return undefined;
    seen.add(value);
    const isArray = Array.isArray(value);
    if (!isArray && Object.getPrototypeOf(value) !== Object.prototype) return undefined;
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
