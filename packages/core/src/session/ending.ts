import { ErrorHook, LateErrorHook } from "../model/hook.ts";

/**
 * The cause of a session's end. A `medium` that is gone needs no closing. A `transport` that failed
 * to send does, because the peer may still be there.
 */
export type EndedBy = "local" | "peer" | "medium" | "transport";

/** A transport's report that the peer sends no more, that the medium is gone, or that it failed. */
export interface Ending {
  readonly ends: "peer" | "medium" | "receiving";
  readonly reason: unknown;
}

/**
 * The failure for a transport's reason. If the reason is a function, it is called at most once,
 * when an error is first needed.
 */
export function failureOf(reason: unknown): ErrorHook {
  if (typeof reason !== "function") return new ErrorHook(reason);
  let made: { reason: unknown } | undefined;
  return new LateErrorHook(() => {
    try {
      made ??= { reason: reason() };
    } catch (error) {
      made = { reason: error };
    }
    return made.reason;
  });
}
