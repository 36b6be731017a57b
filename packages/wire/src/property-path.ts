/** One step of a property path: a property's name or an array's index. */
export type PathPart = string | number;

/**
 * Whether a property name that came from a peer may be used. The members of `Object.prototype`, and
 * `toJSON`, name what the language itself looks for on every object: they are dropped from decoded
 * objects and never found on a path.
 */
export function isReachableKey(key: PathPart): boolean {
  // None of them is shorter than six characters, and most keys are.
  if (typeof key === "number" || key.length < 6) return true;
  return !(key in Object.prototype || key === "toJSON");
}
