import { isByReference } from "@capnweb/wire/internal";
import { containerOf, typeOf } from "./containers.ts";
import { handleIfStub } from "./handle.ts";
import { isNativePromise } from "./native-promise.ts";
import type { Runtime } from "./runtime.ts";

/** Most values to search for references in a value that can't be copied. */
const MOST_VALUES = 1_000_000;

/**
 * Whether a stub, promise or stream stands in an error's properties, or in containers and errors
 * inside them. Calls no getters of objects.
 *
 * @param count receives the number of values looked at
 */
export function holdsReferences(
  error: object,
  runtime: Runtime,
  count: (values: number) => void,
): boolean {
  const seen = new Set<object>([error]);
  // Parts are added as they are met, and iterating over a set includes them.
  for (const each of seen) {
    const parts = readableParts(each, runtime);
    count(parts.length);
    for (const part of parts) {
      if (isStub(part) || streamIn(part, runtime)) return true;
      if (typeof part === "object" && part !== null) seen.add(part);
    }
  }
  return false;
}

/**
 * The stubs, promises, targets, functions and streams in a value that can't be copied: one that is
 * too deep, has a getter that throws, or is a part of itself. Visits each container once. Calls no
 * getters of objects.
 */
export function findReferences(value: unknown, runtime: Runtime): object[] {
  const found: object[] = [];
  /** The containers met so far, and whether they stand in errors, which hold no targets. */
  const seen = new Map<object, boolean>();
  let left = MOST_VALUES;
  const meet = (part: unknown, isInError: boolean) => {
    if (typeof part !== "function" && (typeof part !== "object" || part === null)) return;
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
    left -= parts.length;
    if (left < 0) break;
    for (const part of parts) meet(part, isInError);
  }
  return found;
}

function isStub(value: unknown): boolean {
  try {
    return handleIfStub(value) !== undefined;
  } catch {
    // A hostile proxy.
    return false;
  }
}

function streamIn(value: unknown, runtime: Runtime): boolean {
  if (typeof value !== "object" || value === null) return false;
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
