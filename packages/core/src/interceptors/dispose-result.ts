import type { Disposer } from "../model/payload.ts";
import type { Runtime } from "../model/runtime.ts";
import { isThenable } from "../promise/awaited.ts";

/** Disposes of a function's result, which the function hands over. Never throws. */
export function disposeResult(result: unknown, runtime: Runtime, lent?: readonly Disposer[]): void {
  try {
    const hook = isThenable(result)
      ? // Handles its rejection as well.
        runtime.hookOfPromise(result)
      : runtime.hookOf(result, lent);
    hook.dispose();
  } catch {
    // A value that can't be sent holds none of our references.
  }
}
