import { afterAwaits } from "../after-awaits.ts";
import { DisposedError } from "../errors.ts";
import type { Handle } from "./handle.ts";
import { LateErrorHook, type StubHook } from "./hook.ts";

class DisposedHook extends LateErrorHook {
  override describe(): string {
    return "disposed";
  }
}

const DISPOSED = new DisposedHook(
  () => new DisposedError("Attempted to use RPC stub after it has been disposed."),
);

/** Gives up a stub's or promise's hook; what is done with it afterwards fails saying so. */
export function disposeHandle(handle: Handle): void {
  if (handle.ownsHook) takeHook(handle).dispose();
}

/**
 * Gives up a promise's hook as {@link disposeHandle} does. Of a promise of this process, that is a
 * moment later: calls that were made on it are delivered first, as they would be if it were a
 * peer's.
 */
export function disposePromise(handle: Handle): void {
  if (!handle.ownsHook) return;
  const hook = takeHook(handle);
  if (hook.isLocal) afterAwaits(() => hook.dispose());
  else hook.dispose();
}

/**
 * Takes a reference out of a handle: its own, which then counts as disposed of, or else another.
 */
export function takeHook(handle: Handle): StubHook {
  const { hook } = handle;
  if (!handle.ownsHook) return hook.dup();
  handle.hook = DISPOSED;
  return hook;
}
