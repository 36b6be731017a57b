/** How exact a comparison is. */
export interface MatchOptions {
  /** Whether the text of errors may be any. */
  readonly ownWording: boolean;
}

/**
 * Whether a tree says the same as the expected one: base64 may be padded, objects may have their keys
 * in any order, and an error may say in its own way that it has no stack.
 */
export function matches(expected: unknown, actual: unknown, options: MatchOptions): boolean {
  if (typeof expected !== "object" || expected === null) return Object.is(expected, actual);
  if (typeof actual !== "object" || actual === null) return false;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return false;
    if (expected[0] === "error") return matchesError(expected, actual, options);
    if (expected[0] === "bytes") return matchesList(expected, unpadded(actual), options);
    return matchesList(expected, actual, options);
  }
  return matchesObject(expected, actual, options);
}

function matchesList(
  expected: readonly unknown[],
  actual: readonly unknown[],
  options: MatchOptions,
): boolean {
  return (
    expected.length === actual.length &&
    expected.every((each, i) => matches(each, actual[i], options))
  );
}

function matchesObject(expected: object, actual: object, options: MatchOptions): boolean {
  const keys = Object.keys(expected);
  return (
    !Array.isArray(actual) &&
    keys.length === Object.keys(actual).length &&
    keys.every(
      (key) =>
        Object.hasOwn(actual, key) &&
        matches(
          (expected as Record<string, unknown>)[key],
          (actual as Record<string, unknown>)[key],
          options,
        ),
    )
  );
}

function matchesError(
  expected: readonly unknown[],
  actual: readonly unknown[],
  options: MatchOptions,
): boolean {
  const [tag, name, message, stack, properties] = actual;
  if (tag !== "error" || typeof name !== "string" || typeof message !== "string") return false;
  if (options.ownWording) return true;
  return (
    name === expected[1] &&
    message === expected[2] &&
    (stack ?? null) === (expected[3] ?? null) &&
    matches(expected[4] ?? {}, properties ?? {}, options)
  );
}

function unpadded([tag, text, ...rest]: readonly unknown[]): unknown[] {
  return [tag, typeof text === "string" ? text.replace(/=+$/, "") : text, ...rest];
}
