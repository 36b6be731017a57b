import { DocumentWriter } from "@capnweb/wire/internal";
import { safetyNetFor } from "./safety-net.ts";
import type { SessionServices } from "./services.ts";

/** All services that a session can have. */
export const ALL_SERVICES: SessionServices = {
  safetyNet: safetyNetFor,
  documentWriter: DocumentWriter,
};
