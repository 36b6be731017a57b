/**
 * Waits for `promise`, but no longer than until `signal` aborts.
 *
 * @throws the signal's reason if it aborts first
 */
export function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    const ends =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        signal.removeEventListener("abort", abort);
        settle(value);
      };
    promise.then(ends(resolve), ends(reject));
  });
}
