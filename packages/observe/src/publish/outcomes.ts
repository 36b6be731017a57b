import type { AddedContext, OutcomeObserver, OutgoingCall, RpcPromise } from "@capnweb/core";

/** Receives the outcome of an operation. Its methods mustn't throw. */
export interface Outcome extends OutcomeObserver {
  /** The synchronous part is over. */
  returned?(): void;
  /** @param isSync true if the operation was over as soon as it returned. Default: false */
  succeeded(value: unknown, isSync?: boolean): void;
  failed(error: unknown, isSync?: boolean): void;
}

/** The outcome of a call that leaves. */
export interface CallOutcome extends Outcome {
  /** The context that is added to the call; `undefined` to add nothing. */
  readonly added: AddedContext | undefined;
}

/** The `next()` of an interceptor of outgoing calls. */
export type NextCall = (added?: AddedContext) => RpcPromise<any>;

/**
 * Makes a call, and watches its outcome without asking for it.
 *
 * @param added the context that is added to the call
 * @returns the promise of `next`
 * @throws the error of `next`
 */
export function watchCall(
  call: OutgoingCall,
  next: NextCall,
  added: AddedContext | undefined,
  outcome: Outcome,
): RpcPromise<any> {
  let promise: RpcPromise<any>;
  try {
    promise = next(added);
  } catch (error) {
    outcome.failed(error, true);
    outcome.returned?.();
    throw error;
  }
  outcome.returned?.();
  call.onOutcome(outcome);
  return promise;
}

/**
 * Carries out an operation of the peer's, and watches its outcome. A result that is a promise of
 * ours counts as the outcome, because asking such a promise would fetch its value: the call that it
 * stands for is an operation of its own.
 *
 * @returns the result for the peer
 * @throws the error of `serve`
 */
export function watchServed(serve: () => unknown, outcome: Outcome): unknown {
  let result: unknown;
  try {
    result = serve();
  } catch (error) {
    outcome.failed(error, true);
    outcome.returned?.();
    throw error;
  }
  // Promises of ours are functions.
  if (typeof result !== "object" || !isThenable(result)) {
    outcome.succeeded(result, true);
    outcome.returned?.();
    return result;
  }
  outcome.returned?.();
  // The `then` of another thenable may do its work anew each time.
  const promise = result instanceof Promise ? result : Promise.resolve(result);
  promise.then(
    (value) => outcome.succeeded(value),
    (error: unknown) => outcome.failed(error),
  );
  return promise;
}

function isThenable(value: object | null): value is PromiseLike<unknown> {
  try {
    return typeof (value as { then?: unknown } | null)?.then === "function";
  } catch {
    // A getter of the application's. The session fails with it as well.
    return false;
  }
}
