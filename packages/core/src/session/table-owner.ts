import type { LimitError, Limits } from "@capnweb/wire";
import type { HoldsBytes } from "../budget.ts";
import type { ErrorListener } from "../report.ts";

/** A session, as its tables see it. */
export interface TableOwner {
  readonly limits: Limits;
  readonly held: HoldsBytes;
  /** Told of failures of the application's code that no caller can be told of. */
  readonly onError: ErrorListener | undefined;
  /** The session ends: the peer went over a limit. */
  exceeded(error: LimitError): void;
}
