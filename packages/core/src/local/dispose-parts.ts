import type { ValueTable } from "@capnweb/wire";
import { isByReference } from "@capnweb/wire/internal";
import { containerOf, forEachOwn } from "../model/containers.ts";
import { disposeHandle } from "../model/dispose-handle.ts";
import { handleIfStub } from "../model/handle.ts";
import type { ErrorListener } from "../report.ts";
import { disposeTarget } from "../target.ts";

/**
 * Disposes of an object that an application handed in: of a target or function by its own disposer,
 * of a container by disposing of the stubs, targets and functions in it. Each is disposed of once,
 * wherever it stands, so that objects may refer to themselves.
 *
 * @param onError receives the errors of disposers
 */
export function disposeHandedIn(
  value: object,
  table: ValueTable,
  onError: ErrorListener | undefined,
): void {
  if (!ownsParts(value, table)) {
    disposeTarget(value, onError);
    return;
  }
  const seen = new Set<object>([value]);
  // Parts are added as they are met, and iterating over a set includes them.
  for (const each of seen) {
    const handle = handleIfStub(each);
    if (handle) disposeHandle(handle);
    else if (isByReference(each) || typeof each === "function") disposeTarget(each, onError);
    else if (ownsParts(each, table)) {
      try {
        forEachOwn(each, table, (part) => seen.add(part));
      } catch {
        // A getter that fails has nothing to dispose of.
      }
    }
  }
}

/** True if a value owns its parts: a container does, unless it has a disposer of its own. */
function ownsParts(value: object, table: ValueTable): boolean {
  if (Array.isArray(value)) return true;
  const container = containerOf(value, table);
  return container !== undefined && !container.isIncidental && !(Symbol.dispose in value);
}
