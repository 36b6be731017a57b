import { LimitError, type RpcSessionOptions } from "@capnweb/core";
import { reportLimit } from "@capnweb/core/server";
import { WebSocketClosedError } from "./errors.ts";

/** Reports a session's end to the application if an option of this side caused it. Never throws. */
export type LimitReport = (reason: unknown) => void;

/** A {@link LimitReport} that calls `onLimit`. */
export function limitReport(options: Pick<RpcSessionOptions, "onLimit" | "onError">): LimitReport {
  return (reason) => {
    if (!(reason instanceof WebSocketClosedError) || !reason.limit) return;
    reportLimit(new LimitError(reason.message, reason.limit), options);
  };
}
