import { parseMessage } from "@capnweb/wire";
import { DocumentWriter, withPlace } from "@capnweb/wire/internal";
import { negotiateExtensions } from "./extensions.ts";
import { FRAMING } from "./framing.ts";
import { HeldBytes } from "./held-bytes.ts";
import { safetyNetFor } from "./safety-net.ts";
import type { SessionServices } from "./services.ts";

/** All services that a session can have. */
export const ALL_SERVICES: SessionServices = {
  negotiation: negotiateExtensions,
  framing: FRAMING,
  documentWriter: DocumentWriter,
  safetyNet: safetyNetFor,
  account: (...limits) => new HeldBytes(...limits),
  parse: parseMessage,
  withPlace,
};
