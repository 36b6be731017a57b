import type { DocumentWriter } from "@capnweb/wire/internal";
import type { Runtime } from "../model/runtime.ts";
import type { safetyNetFor } from "./safety-net.ts";

/** The parts of sessions that not every program needs. */
export interface SessionServices {
  /** Makes the safety net of a session, if there is one. */
  readonly safetyNet: typeof safetyNetFor;
  /** Writes documents, to peers that know them. */
  readonly documentWriter: typeof DocumentWriter | undefined;
}

/** A runtime that sessions can be started with. */
export interface SessionRuntime extends Runtime {
  readonly services: SessionServices;
}
