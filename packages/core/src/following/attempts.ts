/**
 * A call on something whose session may be replaced, for code that watches the attempts to make it:
 * each attempt passes the interceptors of its session.
 */
export interface RepeatableAttempt {
  /** True once the call won't be made again. */
  readonly isOver: boolean;
  /**
   * Calls back if the call fails while no attempt is under way: because it has waited too long, for
   * example. The callback mustn't throw.
   */
  onFailed(callback: (error: unknown) => void): void;
}

let current: RepeatableAttempt | undefined;

/**
 * The call of which the running interceptor sees an attempt; `undefined` if it will never be made
 * again. It is the same object for all attempts of one call.
 *
 * @example
 * ```ts
 * const counting: Interceptor = {
 *   call(call, next) {
 *     const attempt = currentAttempt();
 *     if (attempt) attempts.set(attempt, (attempts.get(attempt) ?? 0) + 1);
 *     return next();
 *   },
 * };
 * ```
 */
export function currentAttempt(): RepeatableAttempt | undefined {
  return current;
}

/** Makes an attempt. */
export function attempting<T>(call: RepeatableAttempt, make: () => T): T {
  const outer = current;
  current = call;
  try {
    return make();
  } finally {
    current = outer;
  }
}
