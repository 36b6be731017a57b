import type { LimitError, Limits } from "@capnweb/wire";
import type { ErrorListener } from "../report.ts";
import type { SessionAccount } from "./held-bytes.ts";

/** A session, as its tables see it. */
export interface TableOwner {
  readonly limits: Limits;
  readonly held: SessionAccount;
  /** Receives failures of the application's code that no caller can be told about. */
  readonly onError: ErrorListener | undefined;
  /** Ends the session, because the peer exceeded a limit. */
  abort(error: LimitError): void;
}
