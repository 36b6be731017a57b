import { ANNOUNCEMENT_ID, type Expression, type Limits } from "@capnweb/wire";
import { type AnnouncementContent, contentOf, mayAnswerAnnouncement } from "@capnweb/wire/internal";
import type { Transport } from "../transport.ts";
import type { ExportTable } from "./exports.ts";
import {
  type Announcement,
  announcement,
  type Features,
  type Medium,
  NO_FEATURES,
  negotiate,
} from "./features.ts";
import type { Negotiation } from "./negotiation.ts";
import type { RpcSessionOptions } from "./options.ts";
import type { SessionServices } from "./services.ts";

/** A negotiation of all extensions of this library. */
class ExtensionNegotiation implements Negotiation {
  readonly announcement: Announcement | undefined;
  readonly isReply: boolean;
  readonly #transport: Transport;
  #features: Features;
  readonly #streamCalls: RpcSessionOptions["streamCalls"];
  readonly #medium: Medium;
  #hasAnnounced = false;
  /** True if the peer has released the announcement's id, which it may do once. */
  #wasReleased = false;

  constructor(
    transport: Transport,
    limits: Limits,
    options: RpcSessionOptions,
    { documentWriter }: SessionServices,
  ) {
    const announces =
      transport.announces === false ? false : (options.announce ?? transport.announces);
    this.#transport = transport;
    this.#medium = mediumOf(transport);
    this.#streamCalls = options.streamCalls;
    this.#features = {
      ...NO_FEATURES,
      calls: options.streamCalls ?? false,
      documents: transport.peerDocuments,
    };
    if (announces !== false)
      this.announcement = announcement(this.#medium, limits, !!documentWriter);
    this.isReply = announces === "reply";
  }

  get features(): Features {
    return this.#features;
  }

  get peerHasAnnounced(): boolean {
    return this.#features.isAnnounced || this.#transport.peerAnnounced === true;
  }

  take(): Announcement | undefined {
    if (this.#hasAnnounced) return undefined;
    this.#hasAnnounced = true;
    return this.announcement;
  }

  isAnnouncement(id: number): boolean {
    return this.announcement !== undefined && id === ANNOUNCEMENT_ID;
  }

  read(expression: Expression): AnnouncementContent | undefined {
    return contentOf(expression);
  }

  heard(announced: AnnouncementContent | undefined): void {
    this.#features = negotiate(this.#features, announced, this.#streamCalls, this.#medium);
  }

  isAnswer(id: number, exports: ExportTable): boolean {
    if (!mayAnswerAnnouncement(id) || !this.#hasAnnounced || this.#wasReleased) return false;
    if (exports.get(id)) return false;
    this.#wasReleased = true;
    return true;
  }
}

function mediumOf({ encodingLevel = "string", isBinary }: Transport): Medium {
  if (encodingLevel !== "string") return "trees";
  return isBinary ? "frames" : "texts";
}

/** Negotiates the extensions of a session. */
export const negotiateExtensions: SessionServices["negotiation"] = (...session) =>
  new ExtensionNegotiation(...session);
