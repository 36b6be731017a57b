/**
 * The first place where two trees differ, in the form that a report shows.
 *
 * @returns `undefined` if they differ in no place that a path leads to
 */
export function differenceOf(expected: unknown, actual: unknown): string | undefined {
  const found = find(expected, actual, "");
  if (found === undefined || found.path === "") return undefined;
  return `at ${found.path}: expected ${shown(found.expected)}, got ${shown(found.actual)}`;
}

interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

function find(expected: unknown, actual: unknown, path: string): Difference | undefined {
  if (Object.is(expected, actual)) return undefined;
  if (!isTree(expected) || !isTree(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    return { path, expected, actual };
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const step = Array.isArray(expected) ? `[${key}]` : `.${key}`;
    const found = find(expected[key], actual[key], path + step);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
