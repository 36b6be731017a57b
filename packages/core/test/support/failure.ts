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
