/**
 * The errors that this package raises itself, as opposed to those that applications throw and the
 * protocol carries.
 *
 * `code` is on the prototype, and `name` stays that of the built-in class: an own `code` would
 * travel with the error, and a receiver would decode an unknown name as a plain `Error`.
 */

import { CodedError, CodedTypeError } from "@capnweb/wire/coded";

/** A stub, a promise, or something behind one was used after it had been disposed of. */
export class DisposedError extends CodedError {
  /** The same for every error of this class. */
  get code(): "DISPOSED" {
    return "DISPOSED";
  }
}

/**
 * A call was canceled before its result was there, because its promise was disposed of. For the
 * callee, it is the reason of the call's signal.
 */
export class CanceledError extends CodedError {
  /** The same for every error of this class. */
  get code(): "CANCELED" {
    return "CANCELED";
  }

  constructor(message = "RPC was canceled because the RpcPromise was disposed.") {
    super(message);
  }
}

/**
 * The time that a caller allows for a call has passed. The call's promise rejects with it, and for
 * the callee it is the reason of the call's signal.
 */
export class DeadlineError extends CodedError {
  /** The name that platforms give to errors of time, as `AbortSignal.timeout()` does. */
  override get name(): string {
    return "TimeoutError";
  }

  /** The same for every error of this class. */
  get code(): "DEADLINE" {
    return "DEADLINE";
  }
}

/** A call can't have its context, because of the way it travels. */
export class ContextError extends CodedError {
  /** The same for every error of this class. */
  get code(): "CONTEXT" {
    return "CONTEXT";
  }
}

/** Code asked for its call, but isn't known to be part of one. */
export class NoCallError extends CodedError {
  /** The same for every error of this class. */
  get code(): "NO_CALL" {
    return "NO_CALL";
  }
}

/** The session is over because the application disposed of its main stub. */
export class SessionError extends CodedError {
  /** The same for every error of this class. */
  get code(): "SESSION_DISPOSED" {
    return "SESSION_DISPOSED";
  }

  constructor() {
    super("RPC session was shut down by disposing the main stub");
  }
}

/** The end of a path can't be called, or can't be reached. */
export class PathError extends CodedTypeError {
  /** The same for every error of this class. */
  get code(): "PATH" {
    return "PATH";
  }
}

/** The error for a call of a value that can't be called. */
export function notAFunction(path: readonly (string | number)[]): PathError {
  return new PathError(`'${path.join(".")}' is not a function.`);
}

/** A `map()` callback did something that can't be recorded. */
export class MapError extends CodedError {
  /** The same for every error of this class. */
  get code(): "MAP" {
    return "MAP";
  }
}

/** A call took longer than its callee allows. */
export class CallTimeoutError extends CodedError {
  /** The same for every error of this class. */
  get code(): "CALL_TIMEOUT" {
    return "CALL_TIMEOUT";
  }

  /** @param allowed milliseconds */
  constructor(allowed: number) {
    super(`The call took longer than ${allowed} ms. The callee sets limits.callTimeout.`);
  }
}

/** An interceptor called `next()` too often, too late or not at all, or returned no promise. */
export class InterceptorError extends CodedError {
  /** The same for every error of this class. */
  get code(): "INTERCEPTOR" {
    return "INTERCEPTOR";
  }
}

/**
 * A value, a call or an option needs a component that `createRpc()` of `@capnweb/core/modular`
 * didn't get. The message names the import.
 */
export class MissingComponentError extends CodedError {
  /** The same for every error of this class. */
  get code(): "MISSING_COMPONENT" {
    return "MISSING_COMPONENT";
  }
}
