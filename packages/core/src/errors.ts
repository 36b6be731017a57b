/**
 * The errors that this package raises itself, as opposed to those that applications throw and the
 * protocol carries.
 *
 * `code` sits on the prototype and `name` stays that of the built-in class: an own `code` would
 * travel with the error, and an unknown name would decode as a plain `Error`.
 */

/** A stub, a promise, or something behind one was used after it had been disposed. */
export class DisposedError extends Error {
  get code(): "DISPOSED" {
    return "DISPOSED";
  }
}

/**
 * A call was canceled before its result was there: its promise was disposed of. On the callee's
 * side, it is the reason of the call's signal.
 */
export class CanceledError extends Error {
  get code(): "CANCELED" {
    return "CANCELED";
  }

  constructor(message = "RPC was canceled because the RpcPromise was disposed.") {
    super(message);
  }
}

/**
 * The time that a caller allows a call has passed. The call's promise rejects with it, and on the
 * callee's side it is the reason of the call's signal.
 */
export class DeadlineError extends Error {
  /** The name by which platforms tell of what has timed out, as `AbortSignal.timeout()` does. */
  override get name(): string {
    return "TimeoutError";
  }

  get code(): "DEADLINE" {
    return "DEADLINE";
  }
}

/** A call can't have its context, because of the way it travels. */
export class ContextError extends Error {
  get code(): "CONTEXT" {
    return "CONTEXT";
  }
}

/** Code asked for the call that it is part of, and isn't part of any, as far as can be known. */
export class NoCallError extends Error {
  get code(): "NO_CALL" {
    return "NO_CALL";
  }
}

/** The session is over because the application disposed of its main stub. */
export class SessionError extends Error {
  get code(): "SESSION_DISPOSED" {
    return "SESSION_DISPOSED";
  }

  constructor() {
    super("RPC session was shut down by disposing the main stub");
  }
}

/** The end of a path can't be called, or can't be reached. */
export class PathError extends TypeError {
  get code(): "PATH" {
    return "PATH";
  }
}

/** The error for a call of what can't be called. */
export function notAFunction(path: readonly (string | number)[]): PathError {
  return new PathError(`'${path.join(".")}' is not a function.`);
}

/** A `map()` callback did something that can't be recorded. */
export class MapError extends Error {
  get code(): "MAP" {
    return "MAP";
  }
}

/** A call took longer than its callee allows. */
export class CallTimeoutError extends Error {
  get code(): "CALL_TIMEOUT" {
    return "CALL_TIMEOUT";
  }

  /** @param allowed milliseconds */
  constructor(allowed: number) {
    super(`The call took longer than ${allowed} ms. The callee sets limits.callTimeout.`);
  }
}

/** An interceptor called `next()` too often, too late or not at all, or returned no promise. */
export class InterceptorError extends Error {
  get code(): "INTERCEPTOR" {
    return "INTERCEPTOR";
  }
}
