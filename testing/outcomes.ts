/**
 * The error with which a promise rejects. (Vitest's `rejects` takes an RPC promise for a function,
 * and calls it.)
 */
export async function failure(promise: PromiseLike<unknown>): Promise<any> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

/** Waits until a signal aborts, and resolves with the reason. */
export function aborted(signal: AbortSignal): Promise<any> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
  });
}
