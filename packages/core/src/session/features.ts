import type { Limits } from "@capnweb/wire";
import type { RpcSessionOptions } from "./options.ts";

/**
 * What a peer that knows the extensions of the protocol can be sent (docs/protocol.md,
 * "Extensions").
 */
export interface Features {
  /**
   * An awaited call as one message, `stream`, to which the answer is the last. The published protocol
   * has it, for streams, and its peers answer it whatever is called.
   */
  calls?: boolean | undefined;
  /** Several messages in one text, with newlines between them. */
  frames?: boolean;
  /** Bytes in binary frames of their own, before the text that has a message that refers to them. */
  bytes?: boolean | undefined;
  limits?: PeerLimits;
}

/** The limits of the peer that this side respects, so that one call fails instead of the session. */
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
 * The id under which a side says what it knows: one that no message ever introduces. It fits 32 bits,
 * because some implementations keep ids in as many.
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

/** Turns on what both sides know, if `value` is a peer's announcement. */
export function adoptFeatures(
  features: Features,
  value: unknown,
  streamCalls: RpcSessionOptions["streamCalls"],
  isBinary: boolean | undefined,
): void {
  const said = (value as { capnweb?: { features?: unknown; limits?: unknown } } | null)?.capnweb;
  if (!isShortList(said?.features)) return;
  const names = said.features.flatMap((each) => (isShortList(each) ? each : [each]));
  features.calls = streamCalls ?? names.includes("calls");
  features.frames = names.includes("frames");
  // The outbox keeps bytes and their text together where it holds messages back.
  features.bytes = isBinary && features.frames && names.includes("bytes");
  const limits = said.limits as Partial<Record<keyof PeerLimits, unknown>> | null | undefined;
  features.limits = {
    maxMessageSize: limitOf(limits?.maxMessageSize),
    maxFrameSize: limitOf(limits?.maxFrameSize),
  };
}

/** How many features a peer may name. A structured clone may have a list of billions of holes. */
const MOST_FEATURES = 64;

function isShortList(list: unknown): list is readonly unknown[] {
  return Array.isArray(list) && list.length <= MOST_FEATURES;
}

function limitOf(said: unknown): number {
  return typeof said === "number" && said > 0 ? said : Number.POSITIVE_INFINITY;
}
