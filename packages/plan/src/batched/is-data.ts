/** The depth from which values aren't looked through. */
const MAX_DEPTH = 32;

/**
 * True for a value that certainly holds nothing to dispose of, so that several calls may have it.
 */
export function isData(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((each) => isData(each, depth + 1));
  if (value instanceof Date || ArrayBuffer.isView(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((each) => isData(each, depth + 1));
}
