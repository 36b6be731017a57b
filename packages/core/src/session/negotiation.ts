import { ANNOUNCEMENT_ID, type Limits } from "@capnweb/wire";
import { type AnnouncementContent, mayAnswerAnnouncement } from "@capnweb/wire/internal";
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
import type { RpcSessionOptions } from "./options.ts";

/** A session's announcements, and the features that both sides turn out to know. */
export class Negotiation {
  /** This side's announcement; `undefined` if it announces nothing. */
  readonly announcement: Announcement | undefined;
  /** True if the other side announces first. */
  readonly isReply: boolean;
  readonly #transport: Transport;
  #features: Features;
  readonly #streamCalls: RpcSessionOptions["streamCalls"];
  readonly #medium: Medium;
  #hasAnnounced = false;
  /** True if the peer has released the announcement's id, which it may do once. */
  #wasReleased = false;

  constructor(transport: Transport, limits: Limits, options: RpcSessionOptions) {
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
    if (announces !== false) this.announcement = announcement(this.#medium, limits);
    this.isReply = announces === "reply";
  }

  get features(): Features {
    return this.#features;
  }

  /** True if the peer has announced extensions. */
  get peerHasAnnounced(): boolean {
    return this.#features.isAnnounced || this.#transport.peerAnnounced === true;
  }

  /** Takes the announcement, which the caller has to send, unless it was taken before. */
  take(): Announcement | undefined {
    if (this.#hasAnnounced) return undefined;
    this.#hasAnnounced = true;
    return this.announcement;
  }

  /** True if the rejection of an unknown id is the peer's announcement, and this side knows any. */
  isAnnouncement(id: number): boolean {
    return this.announcement !== undefined && id === ANNOUNCEMENT_ID;
  }

  /** Notes what the peer announced. */
  heard(announced: AnnouncementContent | undefined): void {
    this.#features = negotiate(this.#features, announced, this.#streamCalls, this.#medium);
  }

  /**
   * True if a release may be the peer's answer to the announcement, once.
   *
   * @param exports the table that a release with a known id belongs to
   */
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
