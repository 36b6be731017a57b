import {
  ALL_DOCUMENTS,
  type AnnouncementMessage,
  type Documents,
  LIMIT_PROFILES,
  type Limits,
  writeAnnouncement,
} from "@capnweb/wire";
import { type AnnouncementContent, contentOf } from "@capnweb/wire/internal";
import { support } from "../call-context/support.ts";
import type { RpcSessionOptions } from "./options.ts";

/**
 * The extensions that both sides of a session know (docs/protocol.md, "Extensions"). Immutable: an
 * announcement leads to a new object.
 */
export interface Features {
  /**
   * An awaited call leaves as one message, `stream`, and the answer is its last. The published
   * protocol has this message for streams, and its peers answer it for any call.
   */
  readonly calls: boolean;
  /** Several messages in one text, joined by newlines. */
  readonly frames: boolean;
  /** Bytes in binary frames of their own, before the text of the message that refers to them. */
  readonly bytes: boolean;
  /** Lists of plain JSON as they are, and lists of records as tables. */
  readonly documents: Documents | undefined;
  readonly limits: PeerLimits;
  /** True if the peer has announced extensions. */
  readonly isAnnounced: boolean;
}

/** The peer's limits that this side respects, so that one call fails instead of the session. */
export interface PeerLimits {
  /** In UTF-16 code units of a message's text and bytes of its binary frames. */
  readonly maxMessageSize: number;
  /** In UTF-16 code units of joined messages. */
  readonly maxFrameSize: number;
  /** Missing if it is the default of servers. */
  readonly maxMetadataSize?: number | undefined;
}

/** The features of a session whose peer has announced nothing. */
export const NO_FEATURES: Features = {
  calls: false,
  frames: false,
  bytes: false,
  documents: undefined,
  limits: { maxMessageSize: Infinity, maxFrameSize: Infinity },
  isAnnounced: false,
};

/** The message that announces the extensions of this side. */
export interface Announcement {
  readonly message: AnnouncementMessage;
  readonly text: string;
  /**
   * The content, for a peer that has the same limits and announces the same. Reading it takes as
   * long as a call.
   */
  readonly content: AnnouncementContent | undefined;
}

/** The forms of messages that a transport carries: trees, texts, or binary frames beside texts. */
export type Medium = "trees" | "texts" | "frames";

// Cached, because most sessions of a process have one of few sets of limits.
const announcements = new WeakMap<Limits, Map<string, Announcement>>();

/**
 * The announcement of this side.
 *
 * @param hasDocuments whether this side reads documents
 */
export function announcement(medium: Medium, limits: Limits, hasDocuments: boolean): Announcement {
  const features = ["calls", "frames"];
  if (medium === "frames") features.push("bytes");
  if (hasDocuments && medium !== "trees") features.push("json", "table");
  if (support) features.push("context");
  let cache = announcements.get(limits);
  if (!cache) {
    cache = new Map();
    announcements.set(limits, cache);
  }
  const key = features.join();
  let made = cache.get(key);
  if (!made) {
    made = makeAnnouncement(features, limits);
    cache.set(key, made);
  }
  return made;
}

function makeAnnouncement(features: readonly string[], limits: Limits): Announcement {
  const { maxMessageSize, maxFrameSize, maxMetadataSize } = limits;
  const announced: Record<string, number> = { maxMessageSize, maxFrameSize };
  if (support) {
    const isDefault = maxMetadataSize === LIMIT_PROFILES.server.maxMetadataSize;
    if (!isDefault) announced["maxMetadataSize"] = maxMetadataSize;
  }
  const message = writeAnnouncement({ features, limits: announced });
  return { message, text: JSON.stringify(message), content: contentOf(message[2]) };
}

interface Negotiated {
  readonly streamCalls: RpcSessionOptions["streamCalls"];
  readonly medium: Medium;
  readonly features: Features;
}

/** The latest outcome for an announcement. Most sessions of a process share it. */
const negotiated = new WeakMap<AnnouncementContent, Negotiated>();

/**
 * The features that both sides know.
 *
 * @param announced the peer's announcement. One that names no features changes nothing
 */
export function negotiate(
  before: Features,
  announced: AnnouncementContent | undefined,
  streamCalls: RpcSessionOptions["streamCalls"],
  medium: Medium,
): Features {
  if (!announced?.features) return before;
  const known = negotiated.get(announced);
  if (known && known.streamCalls === streamCalls && known.medium === medium) return known.features;
  const features = featuresOf(announced, announced.features, streamCalls, medium);
  negotiated.set(announced, { streamCalls, medium, features });
  return features;
}

function featuresOf(
  { limits }: AnnouncementContent,
  features: readonly string[],
  streamCalls: RpcSessionOptions["streamCalls"],
  medium: Medium,
): Features {
  const frames = features.includes("frames");
  return {
    calls: streamCalls ?? features.includes("calls"),
    frames,
    // The outbox, where it holds messages back, keeps bytes and their text together.
    bytes: medium === "frames" && frames && features.includes("bytes"),
    documents: medium === "trees" ? undefined : documentsIn(features),
    limits: { ...NO_FEATURES.limits, ...limits },
    isAnnounced: true,
  };
}

function documentsIn(features: readonly string[]): Documents | undefined {
  const json = features.includes("json");
  const table = features.includes("table");
  if (json && table) return ALL_DOCUMENTS;
  return json || table ? { json, table } : undefined;
}
