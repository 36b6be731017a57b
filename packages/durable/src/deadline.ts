import { setOptionalTimeout } from "@capnweb/core/server";

/**
 * Runs a task that must end in time.
 *
 * @param timeout milliseconds
 * @param late makes the error of a task that takes longer
 * @param task receives a signal that is aborted with that error
 * @param drop receives the result of a task that ends too late
 */
export async function withDeadline<T>(
  timeout: number,
  late: () => Error,
  task: (signal: AbortSignal) => Promise<T>,
  drop: (result: T) => void,
): Promise<T> {
  const controller = new AbortController();
  const cancel = setOptionalTimeout(() => controller.abort(late()), timeout);
  try {
    return await untilAborted(controller.signal, task(controller.signal), drop);
  } finally {
    cancel();
  }
}

/**
 * Waits for a promise, or for a signal.
 *
 * @param drop receives the result if it comes after the signal
 * @throws the signal's reason
 */
export function untilAborted<T>(
  signal: AbortSignal,
  promise: Promise<T>,
  drop: (result: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then((result) => (signal.aborted ? drop(result) : resolve(result)), reject);
  });
}
