import { type ErrorListener, reportError } from "@capnweb/core";

/** Calls an application's listener. Its errors are reported, and never thrown. */
export function callListener(call: () => unknown, onError: ErrorListener | undefined): void {
  try {
    const result = call();
    if (result instanceof Promise) {
      result.then(undefined, (error) => reportError(error, "transport", onError));
    }
  } catch (error) {
    reportError(error, "transport", onError);
  }
}
