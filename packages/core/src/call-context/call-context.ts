import type { StopListening } from "../broken-listener.ts";

/** Plain data that travels beside a call: an object of JSON values. */
export type CallMetadata = Readonly<Record<string, unknown>>;

/** The session that a call came by, as the method sees it: the one that `onSession` receives. */
export interface CallSession {
  /** Returns the stub of the peer's main object: the same each time. The session owns it. */
  getRemoteMain(): any;
  /** Aborts when the session ends. It is made when it is first read. */
  readonly signal: AbortSignal;
  /**
   * Calls `callback` once, with the reason, when the session ends; at once if it has ended.
   *
   * @returns a function that unregisters the callback, `Disposable` as well
   */
  onClose(callback: (reason: unknown) => void): StopListening;
  /** Returns the number of references that each side holds: 1 if only the main objects are held. */
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
   * Aborts when the result is no longer needed: the caller gave it up before it was there, the
   * deadline passed, or the session ended. Never aborts once the result is there. It is made when
   * it is first read, so a call that doesn't read it pays nothing.
   */
  readonly signal: AbortSignal;
  /**
   * The time after which the caller no longer waits for the result, in milliseconds on the clock of
   * `Date.now()`; `undefined` if the caller set none. The clocks of the two sides needn't agree,
   * because the caller sends the remaining time.
   */
  readonly deadline: number | undefined;
  /**
   * The data that the caller attached, or `{}`. It is frozen. A caller may attach anything, so
   * treat it like arguments.
   */
  readonly metadata: CallMetadata;
  /**
   * The trace that the call is part of, in the form of the header of W3C Trace Context. For
   * tracers.
   */
  readonly traceparent: string | undefined;
  /** The vendors' part of the trace, in the form of the header `tracestate`. */
  readonly tracestate: string | undefined;
  /** The session through which the call came; `undefined` for a call from this process. */
  readonly session: CallSession | undefined;
  /**
   * An object that stands for the request that the call is a part of: the same for all calls of one
   * `map()`, and for the calls that a call makes in this process before it ends. Use it as the key
   * of a `WeakMap` with data for the request. It has no members to use.
   */
  readonly request: object;
}
