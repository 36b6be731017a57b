import type { LimitName } from "../limits.ts";
import type { Message } from "../messages.ts";
import { isRecord, isString } from "../operands.ts";
import type { Expression } from "../value-type.ts";

/**
 * The id under which a side announces its extensions. No message ever introduces it, so a peer
 * without extensions ignores the announcement. It fits 32 bits, because some implementations keep
 * ids in as many.
 */
export const ANNOUNCEMENT_ID = 2 ** 31 - 1;

/**
 * The announcing side's limits, by name. Its peer fails one call that would go over, instead of
 * losing the session. Limits that this version doesn't know are kept.
 */
export type AnnouncedLimits = Readonly<Partial<Record<LimitName, number>>>;

/**
 * The content of an announcement. docs/protocol.md describes the extensions.
 *
 * @example
 * ```ts
 * const announcement = readAnnouncement(message);
 * if (announcement?.features?.includes("bytes")) console.log("takes binary frames");
 * ```
 */
export interface Announcement {
  /**
   * The names of the extensions that the side understands: `"calls"`, `"frames"`, `"bytes"`, and
   * names that this version doesn't know. `undefined` if the message has no list of at most 64.
   */
  readonly features?: readonly string[] | undefined;
  /**
   * `undefined` if the message has none. Values that aren't positive, finite numbers are dropped.
   */
  readonly limits?: AnnouncedLimits | undefined;
  /** The members that this version doesn't know, as they stand in the message. */
  readonly others?: Readonly<Record<string, Expression>> | undefined;
}

/** A message that announces extensions: the failure of a call that can't have been made. */
export type AnnouncementMessage = readonly [
  "reject",
  id: number,
  value: { readonly capnweb: Readonly<Record<string, Expression>> },
];

/**
 * True if a message, or any other tree, announces extensions. {@link readAnnouncement} reads its
 * content.
 */
export function isAnnouncement(message: unknown): message is AnnouncementMessage {
  if (!Array.isArray(message)) return false;
  const [tag, id, value] = message as unknown[];
  return (
    tag === "reject" && id === ANNOUNCEMENT_ID && isRecord(value) && isRecord(value["capnweb"])
  );
}

/**
 * Reads an announcement. Anything in it that isn't well-formed is left out.
 *
 * @returns `undefined` for any other message
 */
export function readAnnouncement(message: Message): Announcement | undefined {
  if (!isAnnouncement(message)) return undefined;
  const { features, limits, members } = contentOf(message[2])!;
  const { features: _features, limits: _limits, ...others } = members as Record<string, Expression>;
  return { features, limits, others };
}

/** The content of an announcement, as a session reads it. */
export interface AnnouncementContent extends Pick<Announcement, "features" | "limits"> {
  /** All members, as they stand in the message. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** The content of an announcement, if `value` is that of one. */
export function contentOf(value: Expression): AnnouncementContent | undefined {
  const members = (value as { capnweb?: unknown } | null)?.capnweb;
  if (!isRecord(members)) return undefined;
  const { features, limits } = members;
  return { features: namesIn(features), limits: limitsIn(limits), members };
}

/**
 * Makes the message that announces extensions. Limits of 0 or `Infinity` are left out.
 *
 * @returns a message to send as it is, or to stringify
 *
 * @example
 * ```ts
 * JSON.stringify(writeAnnouncement({ features: ["calls"], limits: { maxMessageSize: 1024 } }));
 * // ["reject",2147483647,{"capnweb":{"features":[["calls"]],"limits":{"maxMessageSize":1024}}}]
 * ```
 */
export function writeAnnouncement({ features, limits, others }: Announcement): AnnouncementMessage {
  const capnweb = { features: features && [features], limits: limitsIn(limits), ...others };
  return ["reject", ANNOUNCEMENT_ID, { capnweb }];
}

/**
 * True if a release may be the answer to an announcement, which some implementations give to every
 * rejection. Those that keep ids in 32 bits, or negate them, use a different id.
 */
export function mayAnswerAnnouncement(id: number): boolean {
  return Math.abs(id) === ANNOUNCEMENT_ID || id === -1;
}

/** The names in a list, which is wrapped in another one as all lists are, or isn't. */
function namesIn(features: unknown): readonly string[] | undefined {
  if (!isShortList(features)) return undefined;
  return features.flatMap((each) => (isShortList(each) ? each : [each])).filter(isString);
}

function isShortList(list: unknown): list is readonly unknown[] {
  // Most features that a peer may name. A structured clone may have a list of billions of holes.
  const MOST_FEATURES = 64;
  return Array.isArray(list) && list.length <= MOST_FEATURES;
}

function limitsIn(limits: unknown): AnnouncedLimits | undefined {
  if (!isRecord(limits)) return undefined;
  return Object.fromEntries(
    Object.entries(limits).filter(([, limit]) => Number.isFinite(limit) && (limit as number) > 0),
  );
}
