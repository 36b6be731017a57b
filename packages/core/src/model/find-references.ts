import { isByReference, isObject, isObjectOrFunction } from "@capnweb/wire/internal";
import { containerOf, typeOf } from "./containers.ts";
import { handleIfStub } from "./handle.ts";
import { isNativePromise } from "./native-promise.ts";
import type { Runtime } from "./runtime.ts";

/**
 * The stubs, promises, targets, functions and streams in a value that can't be copied: one that is
 * too deep, has a getter that throws, or is a part of itself. In errors, only stubs, promises and
 * streams. Visits each container once. Calls no getters of objects.
 *
 * @param count receives the number of values looked at, and may throw
 */
export function findReferences(
  value: unknown,
  runtime: Runtime,
  count?: (values: number) => void,
): object[] {
  // Most values to search for references in a value that can't be copied.
  const MOST_VALUES = 1_000_000;
  const found: object[] = [];
  /** The containers met so far, and whether they stand in errors, which hold no targets. */
  const seen = new Map<object, boolean>();
  let left = MOST_VALUES;
  const meet = (part: unknown, isInError: boolean) => {
    if (!isObjectOrFunction(part)) return;
    try {
      if (handleIfStub(part) || streamIn(part, runtime)) found.push(part);
      else if (typeof part === "function" || isByReference(part) || isNativePromise(part)) {
        if (!isInError) found.push(part);
      } else if (!seen.has(part)) {
        seen.set(part, isInError || containerOf(part, runtime.table)?.isIncidental === true);
      }
    } catch {
      // Some values can't be inspected.
    }
  };
  meet(value, false);
  for (const [each, isInError] of seen) {
    const parts = readableParts(each, runtime);
    count?.(parts.length);
    left -= parts.length;
    if (left < 0) break;
    for (const part of parts) meet(part, isInError);
  }
  return found;
}

function streamIn(value: unknown, runtime: Runtime): boolean {
  if (!isObject(value)) return false;
  try {
    return Boolean(typeOf(value, runtime.table)?.streamOf?.(value));
  } catch {
    return false;
  }
}

function readableParts(value: object, { table }: Runtime): readonly unknown[] {
  try {
    return containerOf(value, table)?.parts(value) ?? [];
  } catch {
    return [];
  }
}
