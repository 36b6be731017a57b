import { isByReference, isPlain } from "@capnweb/wire/internal";

/** True for a stub, a target, a function or a stream: values that are passed by reference. */
export function isReference(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  return isByReference(value) || value instanceof ReadableStream || value instanceof WritableStream;
}

/** True for a plain object: a map, in the words of CEL. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && isPlain(value);
}

/** True for a plain object or a list. */
export function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isMap(value);
}
