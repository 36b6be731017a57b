import { type ErrorListener, reportError as report } from "../report.ts";

/** Hands `error` to a server's `onError`, or to `console.error`. Never throws. */
export function reportError(error: unknown, onError: ErrorListener | undefined): void {
  report(error, "server", onError);
}
