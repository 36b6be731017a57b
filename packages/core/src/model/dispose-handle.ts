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

/** Gives up a stub's or promise's hook. Later uses fail and say so. */
export function disposeHandle(handle: Handle): void {
  if (handle.ownsHook) takeHook(handle).dispose();
}

/**
 * Gives up a promise's hook as {@link disposeHandle} does. A promise of this process is given up a
 * moment later, so that earlier calls on it are delivered, as a peer's would be.
 */
export function disposePromise(handle: Handle): void {
  if (!handle.ownsHook) return;
  const hook = takeHook(handle);
  if (hook.isLocal) afterAwaits(() => hook.dispose());
  else hook.dispose();
}

/**
 * Takes a reference out of a handle: the handle's own, which then counts as disposed of, or a new
 * one.
 */
export function takeHook(handle: Handle): StubHook {
  const { hook } = handle;
  if (!handle.ownsHook) return hook.dup();
  handle.hook = DISPOSED;
  return hook;
}
