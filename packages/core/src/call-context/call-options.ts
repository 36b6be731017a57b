import type { CallMetadata } from "./call-context.ts";

/** The options of calls: for a stub by `callOptions`, for a session by its option `call`. */
export interface CallOptions {
  /**
   * Milliseconds that the caller waits for a result, counted from the call or, for a result that is
   * first awaited later, from then. Afterwards, the promise rejects with a `DeadlineError`. A
   * surrounding call, or surrounding options, can only shorten the time. Default: no limit.
   */
  timeout?: number | undefined;
  /**
   * Cancels the pending calls when it aborts: their promises reject with the signal's reason. Once
   * it has aborted, calls reject without being sent.
   */
  signal?: AbortSignal | undefined;
  /**
   * Plain data for the callee, which finds it in `currentCall().metadata`. It is copied now, and
   * merged with that of surrounding options. It travels to peers that know the extension `context`.
   */
  metadata?: CallMetadata | undefined;
  /**
   * True if a call may run twice without harm, for code that repeats calls after a connection was
   * lost. It isn't sent. Default: false.
   */
  idempotent?: boolean | undefined;
  /**
   * True if the calls that a method makes belong to the method's own call: they then have its
   * deadline, metadata and trace, and are cancelled with it. Set it to false for work that outlives
   * the call. Default: true, or what the session's option `call` says.
   */
  inherit?: boolean | undefined;
  /**
   * The trace that the calls are part of, in the form of the header of W3C Trace Context. For
   * tracers.
   */
  traceparent?: string | undefined;
  /** The vendors' part of the trace, in the form of the header `tracestate`. */
  tracestate?: string | undefined;
}
