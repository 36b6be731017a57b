import { type ErrorListener, reportError as report } from "@capnweb/core";

/** Hands an error of the application's to its `onError`, or to `console.error`. Never throws. */
export function reportError(error: unknown, onError: ErrorListener | undefined): void {
  report(error, "server", onError);
}
