import type { RpcSessionOptions } from "@capnweb/core";

/** Hands an error of the application's to its `onError`, or to `console.error`. Never throws. */
export function reportError(error: unknown, onError: RpcSessionOptions["onError"]): void {
  try {
    if (onError) onError(error);
    else console.error(error);
  } catch {
    // There is nothing left that could receive it.
  }
}
