import type { LimitError, LimitName, Limits } from "@capnweb/wire";
import { overLimit } from "@capnweb/wire/internal";

/** A side whose peer is bound by limits. */
export interface Bounded {
  readonly limits: Limits;
  /** Ends the session. */
  abort(error: LimitError): void;
}

/** Ends the session whose count is over its limit. @throws LimitError always */
export function endOver(session: Bounded, limit: LimitName): never {
  const error = overLimit(session.limits, limit);
  session.abort(error);
  throw error;
}
