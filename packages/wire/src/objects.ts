/** True if a value is an object or a list, and not a function. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** True if a value has an identity: an object, a list or a function. */
export function isObjectOrFunction(value: unknown): value is object {
  return typeof value === "function" || isObject(value);
}

/** Gives an object a property of its own that enumeration skips. */
export function defineHidden(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, writable: true });
}

/** The largest index of an array. */
const LARGEST_INDEX = 2 ** 32 - 2;

const CODE_OF_NINE = 0x39;

/** True if a name is an index. Those of an object come first when it is enumerated. */
export function isIndex(name: string): boolean {
  // Saves the regular expression for most names, which start with a letter.
  return name.charCodeAt(0) <= CODE_OF_NINE && /^(?:0|[1-9]\d*)$/.test(name);
}

/** True if some of an object's names are indexes. */
export function hasIndexes(names: readonly string[]): boolean {
  return names.length > 0 && isIndex(names[0]!);
}

/**
 * An empty object that will get members with these names, in their order.
 *
 * V8 reserves room for all indexes up to one that is a name: 12 KB for the single member `1000`. A
 * short message could name it a hundred thousand times. `JSON.parse` reserves nothing, so the names
 * matter wherever objects are built member by member.
 */
export function objectFor(names: readonly string[]): Record<string, unknown> {
  const object = {};
  reserveNothing(object, names);
  return object;
}

/** Keeps room from being reserved for members that an object will get; see {@link objectFor}. */
export function reserveNothing(object: object, names: readonly string[]): void {
  if (!hasIndexes(names)) return;
  // From a member with so large an index on, V8 keeps all indexes of the object in a hash table.
  const indexed = object as Record<number, unknown>;
  indexed[LARGEST_INDEX] = undefined;
  delete indexed[LARGEST_INDEX];
}

/** A copy of an object. Its own getters are called. */
export function copyOf<T>(
  source: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> {
  if (!hasIndexes(names)) return { ...source };
  return objectOf(names.map((name) => [name, source[name] as T]));
}

/** An object with these members, in their order. One may be named `__proto__`. */
export function objectOf<T>(members: readonly (readonly [string, T])[]): Record<string, T> {
  const object = objectFor(members.map(([name]) => name)) as Record<string, T>;
  for (const [name, value] of members) {
    if (name !== "__proto__") object[name] = value;
    else {
      const own = { value, configurable: true, enumerable: true, writable: true };
      Object.defineProperty(object, name, own);
    }
  }
  return object;
}
