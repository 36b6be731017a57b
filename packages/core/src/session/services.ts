import type { Limits, parseMessage } from "@capnweb/wire";
import type { DocumentWriter, withPlace } from "@capnweb/wire/internal";
import type { Transport } from "../transport.ts";
import type { Framing } from "./framing.ts";
import type { Exceeded, SessionAccount } from "./held-bytes.ts";
import type { Negotiation } from "./negotiation.ts";
import type { RpcSessionOptions } from "./options.ts";
import type { safetyNetFor } from "./safety-net.ts";

/** The parts of sessions that not every program needs. */
export interface SessionServices {
  /** Negotiates the extensions of a session. */
  readonly negotiation: (
    transport: Transport,
    limits: Limits,
    options: RpcSessionOptions,
    services: SessionServices,
  ) => Negotiation;
  /** Splits and joins texts of several messages. Needed if the negotiation announces that. */
  readonly framing: Framing | undefined;
  /** Writes documents, to peers that know them. */
  readonly documentWriter: typeof DocumentWriter | undefined;
  /** Makes the safety net of a session, if there is one. */
  readonly safetyNet: typeof safetyNetFor;
  /** Makes the account of the bytes that a session holds for its peer. */
  readonly account: (
    limits: Limits,
    exceeded: Exceeded,
    network: string | undefined,
  ) => SessionAccount;
  /** Parses the text of a message. */
  readonly parse: typeof parseMessage;
  /** Adds to an error the place of the value that can't be sent. */
  readonly withPlace: typeof withPlace;
}
