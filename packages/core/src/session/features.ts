import type { Limits } from "@capnweb/wire";
import type { RpcSessionOptions } from "./options.ts";

/**
 * The extensions that both sides of a session know (docs/protocol.md, "Extensions"). Immutable: an
 * announcement makes other ones.
 */
export interface Features {
  /**
   * An awaited call as one message, `stream`, to which the answer is the last. The published
   * protocol has it, for streams, and its peers answer it whatever is called.
   */
  readonly calls: boolean;
  /** Several messages in one text, with newlines between them. */
  readonly frames: boolean;
  /**
   * Bytes in binary frames of their own, before the text that has a message that refers to them.
   */
  readonly bytes: boolean;
  readonly limits: PeerLimits;
  /** Whether the peer has announced extensions. */
  readonly isAnnounced: boolean;
}

/**
 * The limits of the peer that this side respects, so that one call fails instead of the session.
 */
export interface PeerLimits {
  /** In UTF-16 code units of a message's text, and bytes of its binary frames. */
  readonly maxMessageSize: number;
  /** In UTF-16 code units of joined messages. */
  readonly maxFrameSize: number;
}

/** Of a peer that hasn't said. */
export const NO_LIMITS: PeerLimits = Object.freeze({
  maxMessageSize: Number.POSITIVE_INFINITY,
  maxFrameSize: Number.POSITIVE_INFINITY,
});

/**
 * The id under which a side says what it knows: one that no message ever introduces. It fits 32
 * bits, because some implementations keep ids in as many.
 */
export const ANNOUNCEMENT_ID = 2 ** 31 - 1;

/**
 * Whether a release may be the answer to an announcement, which some implementations give to every
 * rejection. Those that keep ids in 32 bits, or negate them, make other ids of it.
 */
export function mayAnswerAnnouncement(id: number): boolean {
  return Math.abs(id) === ANNOUNCEMENT_ID || id === -1;
}

/** A message that says what this side knows, and its text. */
export interface Announcement {
  readonly message: readonly ["reject", id: number, value: unknown];
  readonly text: string;
}

/** Most sessions of a process have one of few sets of limits. */
const announcements = new WeakMap<Limits, Map<boolean, Announcement>>();

/** What a side announces whose transport may carry binary frames, or may not. */
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
  const { maxMessageSize, maxFrameSize } = limits;
  const names = ["calls", "frames", ...(isBinary ? ["bytes"] : [])];
  const finite = Object.entries({ maxMessageSize, maxFrameSize }).filter(([, limit]) =>
    Number.isFinite(limit),
  );
  const capnweb = { features: [names], limits: Object.fromEntries(finite) };
  const message = ["reject", ANNOUNCEMENT_ID, { capnweb }] as const;
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

/** The features that both sides know, if `said` is a peer's announcement; else those there were. */
export function negotiate(before: Features, said: unknown, own: OwnFeatures): Features {
  const announced = (said as { capnweb?: { features?: unknown; limits?: unknown } } | null)
    ?.capnweb;
  if (!isShortList(announced?.features)) return before;
  const names = announced.features.flatMap((each) => (isShortList(each) ? each : [each]));
  const frames = names.includes("frames");
  const limits = announced.limits as Partial<Record<keyof PeerLimits, unknown>> | null | undefined;
  return Object.freeze({
    calls: own.streamCalls ?? names.includes("calls"),
    frames,
    // The outbox keeps bytes and their text together where it holds messages back.
    bytes: own.isBinary && frames && names.includes("bytes"),
    limits: {
      maxMessageSize: limitOf(limits?.maxMessageSize),
      maxFrameSize: limitOf(limits?.maxFrameSize),
    },
    isAnnounced: true,
  });
}

/** How many features a peer may name. A structured clone may have a list of billions of holes. */
const MOST_FEATURES = 64;

function isShortList(list: unknown): list is readonly unknown[] {
  return Array.isArray(list) && list.length <= MOST_FEATURES;
}

function limitOf(said: unknown): number {
  return typeof said === "number" && said > 0 ? said : Number.POSITIVE_INFINITY;
}
