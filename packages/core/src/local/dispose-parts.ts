import { isByReference } from "@capnweb/wire/internal";
import { disposeHandle } from "../model/dispose-handle.ts";
import { handleIfStub } from "../model/handle.ts";
import type { ErrorListener } from "../report.ts";
import { disposeTarget } from "../target.ts";

/**
 * Disposes of an object that an application handed in: of a target or function by its own disposer,
 * of a plain object or list by disposing of the stubs, targets and functions in it. Each is
 * disposed of once, wherever it stands, so that objects may refer to themselves.
 *
 * @param onError told of disposers that fail
 */
export function disposeHandedIn(value: object, onError: ErrorListener | undefined): void {
  if (!isPlain(value)) {
    disposeTarget(value, onError);
    return;
  }
  const seen = new Set<object>([value]);
  // Parts are added as they are met; a set is iterated to its end as it grows.
  for (const each of seen) {
    const handle = handleIfStub(each);
    if (handle) disposeHandle(handle);
    else if (isByReference(each) || typeof each === "function") disposeTarget(each, onError);
    else if (isPlain(each)) {
      for (const part of partsOf(each)) {
        if (typeof part === "function" || (typeof part === "object" && part !== null)) {
          seen.add(part);
        }
      }
    }
  }
}

/** Whether a value owns its parts: an object or list, unless it has a disposer of its own. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  return Object.getPrototypeOf(value) === Object.prototype && !Object.hasOwn(value, Symbol.dispose);
}

function partsOf(value: object): readonly unknown[] {
  try {
    return Object.values(value);
  } catch {
    // A getter that fails has nothing to dispose of.
    return [];
  }
}
