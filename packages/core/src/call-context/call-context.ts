/** Plain data that travels beside a call: JSON values, in an object. */
export type CallMetadata = Readonly<Record<string, unknown>>;

/**
 * The public face of a session, for the code that a call of its peer runs. Sessions extend it with
 * the members that they offer.
 */
export interface CallSession {
  /** The number of references that each side holds. 1 stands for nothing but the main objects. */
  getStats(): { readonly imports: number; readonly exports: number };
}

/**
 * The circumstances of a call, on the side that runs it: see `currentCall()`.
 *
 * @example
 * ```ts
 * class Users extends RpcTarget {
 *   async list() {
 *     const { signal, metadata } = currentCall();
 *     return db.query("select * from users where tenant = ?", [metadata.tenant], { signal });
 *   }
 * }
 * ```
 */
export interface CallContext {
  /**
   * Aborts when the result is no longer of use: the caller gave it up before it was there, the
   * deadline passed, or the session ended. Never aborts once the result is there. The first read
   * makes it, so a call that doesn't read it pays nothing.
   */
  readonly signal: AbortSignal;
  /**
   * The time after which the caller no longer waits for the result, in milliseconds by the clock of
   * `Date.now()`; `undefined` if the caller set none. The clocks of the two sides needn't agree:
   * the caller sends the time that is left.
   */
  readonly deadline: number | undefined;
  /**
   * The data that the caller attached, `{}` if it attached none. It is frozen. A caller may attach
   * anything, so treat it as you treat arguments.
   */
  readonly metadata: CallMetadata;
  /** The trace that the call is part of, as the header of W3C Trace Context; for tracers. */
  readonly traceparent: string | undefined;
  /** The vendors' part of the trace, likewise. */
  readonly tracestate: string | undefined;
  /** The session that the call came through; `undefined` for a call from this process. */
  readonly session: CallSession | undefined;
}
