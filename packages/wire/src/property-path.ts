/** One step of a property path: a property's name or an array's index. */
export type PathPart = string | number;

/**
 * True if a property name that came from a peer may be used. The language itself looks for `toJSON`
 * and the members of `Object.prototype` on every object. These names are dropped from decoded
 * objects, and no path finds them.
 */
export function isReachableKey(key: PathPart): boolean {
  // The refused names have six characters or more. Most keys are shorter.
  if (typeof key === "number" || key.length < 6) return true;
  return !(key in Object.prototype || key === "toJSON");
}
