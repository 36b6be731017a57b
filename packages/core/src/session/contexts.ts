import type { AnnouncementContent } from "@capnweb/wire/internal";
import type { HoldsBytes } from "../budget.ts";
import type { Carried } from "../call-context/carried.ts";
import type { MetadataLimits } from "../call-context/plain-data.ts";
import type { Transport } from "../transport.ts";
import type { ExportTable } from "./exports.ts";
import type { RpcSessionOptions } from "./options.ts";
import { Outgoing, type OutgoingHost } from "./outgoing.ts";

/** A session, as the contexts of its peer's calls see it. */
export interface ContextHost {
  readonly limits: MetadataLimits;
  readonly held: HoldsBytes;
  readonly exports: ExportTable;
  readonly outgoing: Outgoing;
  /** The context of the calls that the peer makes from now on. */
  received: Carried | undefined;
}

/** The contexts of a session's calls, in both directions. */
export interface SessionContexts {
  /**
   * Makes the calls of this side.
   *
   * @throws TypeError, LimitError for an invalid option `call`
   */
  outgoing(host: OutgoingHost, transport: Transport, options: RpcSessionOptions): Outgoing;
  /**
   * Handles a message of extensions.
   *
   * @throws LimitError, ProtocolError for a hostile one
   */
  hear(announced: AnnouncementContent, host: ContextHost): void;
}

/** The contexts of sessions, if they are a part of this program; see `call-context/support.ts`. */
export let contexts: SessionContexts | undefined;

/** Gives contexts to sessions. */
export function installContexts(installed: SessionContexts): void {
  contexts = installed;
}

/**
 * Makes the calls of a session.
 *
 * @throws TypeError, LimitError for an invalid option `call`
 */
export function outgoingOf(
  host: OutgoingHost,
  transport: Transport,
  options: RpcSessionOptions,
): Outgoing {
  if (contexts) return contexts.outgoing(host, transport, options);
  if (options.call) throw new TypeError("call needs @capnweb/core/call-context.");
  return new Outgoing(host, transport, options.releaseForgotten);
}
