import {
  type AnnouncedLimits,
  type AnnouncementMessage,
  type Expression,
  LIMIT_PROFILES,
  type Limits,
  writeAnnouncement,
} from "@capnweb/wire";
import { contentOf } from "@capnweb/wire/internal";
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
  /** Whether the peer has announced extensions. */
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

/** The limits of a peer that hasn't announced any. */
export const NO_LIMITS: PeerLimits = Object.freeze({
  maxMessageSize: Number.POSITIVE_INFINITY,
  maxFrameSize: Number.POSITIVE_INFINITY,
});

/** The message that announces the extensions of this side, and its text. */
export interface Announcement {
  readonly message: AnnouncementMessage;
  readonly text: string;
}

/** Cached, because most sessions of a process have one of few sets of limits. */
const announcements = new WeakMap<Limits, Map<boolean, Announcement>>();

/**
 * The announcement of this side.
 *
 * @param isBinary whether the transport carries binary frames
 */
export function announcement(isBinary: boolean, limits: Limits): Announcement {
  let known = announcements.get(limits);
  if (!known) {
    known = new Map();
    announcements.set(limits, known);
  }
  let made = known.get(isBinary);
  if (!made) {
    made = makeAnnouncement(isBinary, limits);
    known.set(isBinary, made);
  }
  return made;
}

function makeAnnouncement(isBinary: boolean, limits: Limits): Announcement {
  const { maxMessageSize, maxFrameSize, maxMetadataSize } = limits;
  const features = ["calls", "frames", ...(isBinary ? ["bytes"] : [])];
  const announced: AnnouncedLimits = { maxMessageSize, maxFrameSize };
  const hasOwnLimit = support && maxMetadataSize !== LIMIT_PROFILES.server.maxMetadataSize;
  if (support) features.push("context");
  const message = writeAnnouncement({
    features,
    limits: hasOwnLimit ? { ...announced, maxMetadataSize } : announced,
  });
  return { message, text: JSON.stringify(message) };
}

/** The features of a session whose peer has announced nothing. */
export function initialFeatures(streamCalls: RpcSessionOptions["streamCalls"]): Features {
  return streamCalls ? ONLY_CALLS : NO_FEATURES;
}

const NO_FEATURES: Features = Object.freeze({
  calls: false,
  frames: false,
  bytes: false,
  limits: NO_LIMITS,
  isAnnounced: false,
});

const ONLY_CALLS: Features = Object.freeze({ ...NO_FEATURES, calls: true });

/** The features of this side that don't depend on the peer. */
export interface OwnFeatures {
  readonly streamCalls: RpcSessionOptions["streamCalls"];
  /** Whether the transport carries binary frames. */
  readonly isBinary: boolean;
}

/**
 * The features that both sides know.
 *
 * @param value the peer's announcement. One that names no features changes nothing
 */
export function negotiate(before: Features, value: Expression, own: OwnFeatures): Features {
  const { features, limits } = contentOf(value) ?? {};
  if (!features) return before;
  const frames = features.includes("frames");
  return Object.freeze({
    calls: own.streamCalls ?? features.includes("calls"),
    frames,
    // The outbox, where it holds messages back, keeps bytes and their text together.
    bytes: own.isBinary && frames && features.includes("bytes"),
    limits: { ...NO_LIMITS, ...limits },
    isAnnounced: true,
  });
}
