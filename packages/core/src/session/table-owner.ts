import type { LimitError, Limits } from "@capnweb/wire";
import type { HoldsBytes } from "../budget.ts";

/** A session, as its tables see it. */
export interface TableOwner {
  readonly limits: Limits;
  readonly held: HoldsBytes;
  /** The session ends: the peer went over a limit. */
  exceeded(error: LimitError): void;
}
