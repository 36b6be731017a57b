import type { LimitError } from "@capnweb/wire";
import { type ErrorListener, reportError as report, runCallback } from "../report.ts";
import type { RpcSessionOptions } from "../session/options.ts";

/** Hands `error` to a server's `onError`, or to `console.error`. Never throws. */
export function reportError(error: unknown, onError: ErrorListener | undefined): void {
  report(error, "server", onError);
}

/**
 * Reports to an application's `onLimit` that a peer exceeded a limit of the transport. Never
 * throws: an error of `onLimit` goes to `onError`.
 */
export function reportLimit(
  error: LimitError,
  { onLimit, onError }: Pick<RpcSessionOptions, "onLimit" | "onError">,
): void {
  if (onLimit) runCallback("onLimit", () => onLimit(error), onError);
}
