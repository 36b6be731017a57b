import { explain } from "@capnweb/wire/coded";

/**
 * The reasons for which a resumable session ends.
 *
 * - `"RESUME_ENDED"`: the peer ended its session, or this side closed the transport
 * - `"RESUME_EXPIRED"`: there was no connection for the whole window
 * - `"RESUME_FRESH"`: the accepting side no longer has the session
 * - `"RESUME_REFUSED"`: the accepting side has the session, but doesn't let this client resume it
 * - `"RESUME_BUFFER_FULL"`: more messages waited for the peer than the buffer holds
 * - `"RESUME_EVICTED"`: the acceptor gave up the session, because it had too many without a
 *   connection
 * - `"RESUME_UNSUPPORTED"`: the peer turned out not to know `resume`, after a connection was lost
 * - `"RESUME_TIMEOUT"`: an attempt to connect took too long. Only as a cause, and in state changes
 * - `"RESUME_MISMATCH"`: a later connection has another encoding level than the first
 * - `"RESUME_PROTOCOL"`: the peer broke the rules of resuming
 * - `"RESUME_DISPOSED"`: the acceptor was disposed of
 */
export type ResumeErrorCode =
  | "RESUME_ENDED"
  | "RESUME_EXPIRED"
  | "RESUME_FRESH"
  | "RESUME_REFUSED"
  | "RESUME_BUFFER_FULL"
  | "RESUME_EVICTED"
  | "RESUME_UNSUPPORTED"
  | "RESUME_TIMEOUT"
  | "RESUME_MISMATCH"
  | "RESUME_PROTOCOL"
  | "RESUME_DISPOSED";

/**
 * A resumable session is over, or a connection was refused. `cause` is the error of the last
 * connection, if there is one. No error has a secret in it.
 *
 * @example
 * ```ts
 * api.onRpcBroken((error) => {
 *   if (error instanceof ResumeError && error.code === "RESUME_FRESH") startAnew();
 * });
 * ```
 */
export class ResumeError extends Error {
  readonly #code: ResumeErrorCode;

  constructor(code: ResumeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.#code = code;
    explain(this);
  }

  /** The reason, for programs. */
  get code(): ResumeErrorCode {
    return this.#code;
  }
}

/** The error for a session that was without a connection for the whole window. */
export function expired(window: number, cause: unknown): ResumeError {
  const message = `There was no connection for ${window} ms (window).`;
  return new ResumeError("RESUME_EXPIRED", message, cause === undefined ? undefined : { cause });
}

/** The error for a session that the peer has ended. */
export function endedByPeer(reason: string): ResumeError {
  return new ResumeError("RESUME_ENDED", `The peer ended the session: ${reason}`);
}

/** The error for a peer that lacks frames which can't be sent again. */
export function notReplayable(replayable: "gone" | "invalid", received: number): ResumeError {
  return replayable === "gone"
    ? new ResumeError(
        "RESUME_BUFFER_FULL",
        "The connection broke while more was unacknowledged than the buffer holds.",
      )
    : new ResumeError(
        "RESUME_PROTOCOL",
        `The peer claims to have received ${received} frames, which can't be.`,
      );
}

/** The error for a peer that has the session, but doesn't let this side resume it. */
export function refusedByPeer(reason: string, cause: unknown): ResumeError {
  const message = `The peer refused to resume the session: ${reason}`;
  return new ResumeError("RESUME_REFUSED", message, { cause });
}

/** The error for a peer that no longer has the session. */
export function sessionGone(cause: unknown): ResumeError {
  const message = "The peer no longer has the session, because it restarted or gave it up.";
  return new ResumeError("RESUME_FRESH", message, { cause });
}

/** The error for a peer that turned out not to know `resume`. */
export function unsupported(cause: unknown): ResumeError {
  const message = "The peer doesn't know resume: its session ended with its connection.";
  return new ResumeError("RESUME_UNSUPPORTED", message, { cause });
}

/** The error for a control message that its receiver has no use for. */
export function meaningless(kind: string): ResumeError {
  return new ResumeError("RESUME_PROTOCOL", `The peer sent "${kind}" where it has no meaning.`);
}

/** The error for a connection whose peer doesn't answer the hello. */
export function unanswered(timeout: number): ResumeError {
  const message = `The peer didn't answer within ${timeout} ms (attemptTimeout).`;
  return new ResumeError("RESUME_TIMEOUT", message);
}

/** The reason for leaving a connection that no new session has taken. */
export function notSucceeded(): ResumeError {
  return new ResumeError("RESUME_TIMEOUT", "No new session was started.");
}
