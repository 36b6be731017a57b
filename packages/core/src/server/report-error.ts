import type { RpcSessionOptions } from "../session/options.ts";

/** Hands `error` to a server's `onError`, or to `console.error`. Never throws. */
export function reportError(error: unknown, onError: RpcSessionOptions["onError"]): void {
  try {
    if (onError) onError(error);
    else console.error(error);
  } catch {
    // Reporting is the last resort: nothing is left that could receive this error.
  }
}
