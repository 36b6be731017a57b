import { isObject } from "@capnweb/wire/internal";
import { ErrorHook, type StubHook } from "../model/hook.ts";
import { Deferred } from "./deferred.ts";
import { PromiseHook } from "./promise-hook.ts";

/** True if a function's result is to be awaited: a promise, but none of ours. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof (value as { then?: unknown }).then === "function";
}

/**
 * Makes hooks of a promise's outcome. Either method may throw; the error is then the hook's
 * failure.
 */
export interface Taker<T = unknown> {
  /** Makes the hook of the value. */
  take(value: T): StubHook;
  /** Makes the hook of the failure. Default: an `ErrorHook`. */
  fail?(error: unknown): StubHook;
}

/**
 * The hook of a value that is still to come. This is the only place where a promise's outcome
 * becomes a hook. A failure of any kind becomes a failure of the hook, never an unhandled
 * rejection. The thenable may be any application's: its `then` may throw, and may call back twice.
 *
 * @param deferred the place for the outcome, if there is one already
 */
export function hookOfAwaited<T>(
  source: PromiseLike<T>,
  taker: Taker<T>,
  deferred: Deferred = new Deferred(),
): StubHook {
  try {
    // Any other thenable may throw, or call back twice. A promise of the platform handles that.
    const promise = source instanceof Promise ? source : promiseOf(source);
    promise.then(
      (value) => settle(deferred, taker, false, value as T),
      (error: unknown) => settle(deferred, taker, true, error),
    );
  } catch (error) {
    settle(deferred, taker, true, error);
  }
  return new PromiseHook(deferred);
}

/** A separate function, so that what waits for the promise doesn't hold its source as well. */
function promiseOf<T>(source: PromiseLike<T>): Promise<T> {
  return new Promise<T>((yes) => yes(source));
}

function settle<T>(
  deferred: Deferred,
  taker: Taker<T>,
  isFailure: boolean,
  outcome: unknown,
): void {
  let hook: StubHook;
  try {
    if (!isFailure) hook = taker.take(outcome as T);
    else hook = taker.fail?.(outcome) ?? new ErrorHook(outcome);
  } catch (error) {
    hook = new ErrorHook(error);
  }
  deferred.settle(hook);
}
