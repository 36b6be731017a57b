import { ErrorHook, type StubHook } from "../hook.ts";
import { currentListener, reportTo } from "../report.ts";
import { Deferred, PromiseHook } from "./promise.ts";

/** Whether a function's result is something to wait for: a promise, but none of ours. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/**
 * The hook of what is still to come: the one place where a promise's outcome becomes a hook. A failure
 * of any kind is a failure of the hook, never an unhandled rejection. The thenable may be any
 * application's: its `then` may throw, and may call back twice.
 *
 * @param take gives the hook of the value, and may throw
 * @param fail gives the hook of the failure, and may throw. Default: an `ErrorHook`
 * @param deferred the outcome's place, if it has one already
 */
export function hookOfAwaited<T>(
  source: PromiseLike<T>,
  take: (value: T) => StubHook,
  fail: (error: unknown) => StubHook = failed,
  deferred: Deferred = new Deferred(),
): StubHook {
  const listener = currentListener();
  let isOver = false;
  const settle = <V>(make: (value: V) => StubHook, value: V) => {
    if (isOver) return;
    isOver = true;
    const before = reportTo(listener);
    deferred.settleFrom(() => make(value));
    reportTo(before);
  };
  try {
    source.then(
      (value) => settle(take, value),
      (error: unknown) => settle(fail, error),
    );
  } catch (error) {
    settle(fail, error);
  }
  return new PromiseHook(deferred);
}

function failed(error: unknown): StubHook {
  return new ErrorHook(error);
}
