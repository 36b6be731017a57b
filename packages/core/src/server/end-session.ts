import { explain } from "@capnweb/wire/coded";
import { innerSession, type RpcSession } from "../rpc-session.ts";

/** The server ends a session because it shuts down, or because an operator closes it. */
export class GoingAwayError extends Error {
  // An own property, so that peers of every kind learn it.
  /** The same for every error of this class. */
  readonly code = "GOING_AWAY";

  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
    explain(this);
  }
}

/**
 * Ends a session, and tells the peer the reason. Does nothing if the session is over.
 *
 * @param reason the error with which pending calls fail, on both sides
 *
 * @example
 * ```ts
 * endSession(session, new GoingAwayError("The server is shutting down."));
 * ```
 */
export function endSession(session: RpcSession<any>, reason: Error): void {
  innerSession(session).abort(reason);
}
