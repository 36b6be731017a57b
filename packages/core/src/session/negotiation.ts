import type { Expression } from "@capnweb/wire";
import type { AnnouncementContent } from "@capnweb/wire/internal";
import type { ExportTable } from "./exports.ts";
import type { Announcement, Features } from "./features.ts";

/** A session's announcements, and the features that both sides turn out to know. */
export interface Negotiation {
  /** This side's announcement; `undefined` if it announces nothing. */
  readonly announcement: Announcement | undefined;
  /** True if the other side announces first. */
  readonly isReply: boolean;
  readonly features: Features;
  /** True if the peer has announced extensions. */
  readonly peerHasAnnounced: boolean;
  /** Takes the announcement, which the caller has to send, unless it was taken before. */
  take(): Announcement | undefined;
  /** True if the rejection of an unknown id is the peer's announcement, and this side knows any. */
  isAnnouncement(id: number): boolean;
  /** Reads the peer's announcement. */
  read(expression: Expression): AnnouncementContent | undefined;
  /** Notes what the peer announced. */
  heard(announced: AnnouncementContent | undefined): void;
  /**
   * True if a release may be the peer's answer to the announcement, once.
   *
   * @param exports the table that a release with a known id belongs to
   */
  isAnswer(id: number, exports: ExportTable): boolean;
}
