import {
  type AnnouncementMessage,
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

// Cached, because most sessions of a process have one of few sets of limits.
const ofTexts = new WeakMap<Limits, Announcement>();
const ofFrames = new WeakMap<Limits, Announcement>();

/**
 * The announcement of this side.
 *
 * @param isBinary whether the transport carries binary frames
 */
export function announcement(isBinary: boolean, limits: Limits): Announcement {
  const cache = isBinary ? ofFrames : ofTexts;
  let made = cache.get(limits);
  if (!made) {
    made = makeAnnouncement(isBinary, limits);
    cache.set(limits, made);
  }
  return made;
}

function makeAnnouncement(isBinary: boolean, limits: Limits): Announcement {
  const { maxMessageSize, maxFrameSize, maxMetadataSize } = limits;
  const features = ["calls", "frames"];
  const announced: Record<string, number> = { maxMessageSize, maxFrameSize };
  if (isBinary) features.push("bytes");
  if (support) {
    features.push("context");
    const isDefault = maxMetadataSize === LIMIT_PROFILES.server.maxMetadataSize;
    if (!isDefault) announced["maxMetadataSize"] = maxMetadataSize;
  }
  const message = writeAnnouncement({ features, limits: announced });
  return { message, text: JSON.stringify(message), content: contentOf(message[2]) };
}

/**
 * The features that both sides know.
 *
 * @param announced the peer's announcement. One that names no features changes nothing
 * @param isBinary whether the transport carries binary frames
 */
export function negotiate(
  before: Features,
  announced: AnnouncementContent | undefined,
  streamCalls: RpcSessionOptions["streamCalls"],
  isBinary: boolean,
): Features {
  const { features, limits } = announced ?? {};
  if (!features) return before;
  const frames = features.includes("frames");
  return {
    calls: streamCalls ?? features.includes("calls"),
    frames,
    // The outbox, where it holds messages back, keeps bytes and their text together.
    bytes: isBinary && frames && features.includes("bytes"),
    limits: { ...NO_FEATURES.limits, ...limits },
    isAnnounced: true,
  };
}
