import type { Habit } from "./habits.ts";

/** The differences that a comparison ignores. By default, only the spelling of JSON is free. */
export interface Tolerance {
  /** True if errors may have any text. */
  readonly ownWording?: boolean;
  /** True if the peer may use the id `actual` for the export recorded as `expected`. */
  sameExport?(expected: number, actual: number): boolean;
  /** Called for each habit that made a difference. The comparison may still fail afterwards. */
  noticed?(habit: Habit): void;
}

/** The tags of expressions in which a sender chooses an id. */
const EXPORTS: readonly unknown[] = ["export", "promise", "writable"];

/** Notes of the application that contain a reason in the implementation's own words. */
const REASON = /^(stream canceled|sink aborted): ./;

/**
 * Tells whether a tree means the same as the expected one. Base64 may be padded, objects may have
 * their keys in any order, and an error may leave out its stack in its own way.
 */
export function matches(expected: unknown, actual: unknown, tolerance: Tolerance = {}): boolean {
  if (typeof expected !== "object" || expected === null) {
    return Object.is(expected, actual) || isSameReason(expected, actual, tolerance);
  }
  if (typeof actual !== "object" || actual === null) return false;
  if (!Array.isArray(expected)) return matchesObject(expected, actual, tolerance);
  if (!Array.isArray(actual)) return false;
  const [tag] = expected;
  // What looks like an error or an export in plain JSON is a list.
  if (tag === "json") return isSamePlain(expected, actual);
  if (tag === "error") return matchesError(expected, actual, tolerance);
  if (tag === "bytes") return matchesList(expected, unpadded(actual), tolerance);
  if (EXPORTS.includes(tag) && isExportId(expected) && tolerance.sameExport !== undefined) {
    const isSame = isExportId(actual) && tag === actual[0];
    return isSame && tolerance.sameExport(expected[1], actual[1]);
  }
  return matchesList(expected, actual, tolerance);
}

function isExportId(list: readonly unknown[]): list is [unknown, number] {
  return list.length === 2 && Number.isInteger(list[1]) && (list[1] as number) < 0;
}

function isSameReason(expected: unknown, actual: unknown, tolerance: Tolerance): boolean {
  if (!tolerance.ownWording) return false;
  if (typeof expected !== "string" || typeof actual !== "string") return false;
  const kind = REASON.exec(expected)?.[1];
  if (kind === undefined || REASON.exec(actual)?.[1] !== kind) return false;
  tolerance.noticed?.("wording");
  return true;
}

function matchesList(
  expected: readonly unknown[],
  actual: readonly unknown[],
  tolerance: Tolerance,
): boolean {
  return (
    expected.length === actual.length &&
    expected.every((each, i) => matches(each, actual[i], tolerance))
  );
}

function matchesObject(expected: object, actual: object, tolerance: Tolerance): boolean {
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
          tolerance,
        ),
    )
  );
}

function isSamePlain(expected: unknown, actual: unknown): boolean {
  if (typeof expected !== "object" || typeof actual !== "object" || !expected || !actual) {
    return Object.is(expected, actual);
  }
  const keys = Object.keys(expected) as (keyof typeof expected)[];
  return (
    Array.isArray(expected) === Array.isArray(actual) &&
    keys.length === Object.keys(actual).length &&
    keys.every((key) => Object.hasOwn(actual, key) && isSamePlain(expected[key], actual[key]))
  );
}

function matchesError(
  expected: readonly unknown[],
  actual: readonly unknown[],
  tolerance: Tolerance,
): boolean {
  const [tag, name, message, stack, properties] = actual;
  if (tag !== "error" || typeof name !== "string" || typeof message !== "string") return false;
  if (
    name === expected[1] &&
    message === expected[2] &&
    (stack ?? null) === (expected[3] ?? null) &&
    matches(expected[4] ?? {}, properties ?? {}, tolerance)
  ) {
    return true;
  }
  if (!tolerance.ownWording) return false;
  tolerance.noticed?.("wording");
  return true;
}

function unpadded([tag, text, ...rest]: readonly unknown[]): unknown[] {
  return [tag, typeof text === "string" ? text.replace(/=+$/, "") : text, ...rest];
}
