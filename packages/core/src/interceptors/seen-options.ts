import { CalledScope } from "../call-context/called-scope.ts";
import type { CallScope } from "../call-context/scope.ts";
import type { SeenOptions } from "./interceptor.ts";

/** The options of a call, as an interceptor sees them. */
export function seenOptions(scope: CallScope | undefined): SeenOptions {
  if (!(scope instanceof CalledScope)) return {};
  const { timeout, signals, idempotent } = scope;
  return {
    timeout: timeout === Number.POSITIVE_INFINITY ? undefined : timeout,
    signal: signals.length > 1 ? AbortSignal.any([...signals]) : signals[0],
    idempotent,
  };
}
