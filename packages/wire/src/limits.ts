/** The nesting depth at which encoding and decoding stop, unless a session sets another. */
export const DEFAULT_MAX_DEPTH = 256;

const MI = 1024 * 1024;
const NONE = Infinity;

/**
 * The limits, each in a line that has its name and its default at a server. A limit that is added
 * here has the same default at a client, and none among trusted peers, unless their profiles say
 * otherwise.
 */
class ServerLimits {
  // Per message.

  /** Longest text of a message, in UTF-16 code units, checked before parsing. */
  readonly maxMessageSize: number = 4 * MI;
  /**
   * Longest text that a transport hands in at once, in UTF-16 code units. Peers of ours join
   * messages in one text.
   */
  readonly maxFrameSize: number = 4 * MI;
  /** Deepest nesting of a message's expressions, counted through calls and `map()`s. */
  readonly maxDepth: number = DEFAULT_MAX_DEPTH;
  /** Most decimal digits of a `bigint`. */
  readonly maxBigIntDigits: number = 16_384;
  /**
   * Most values decoded from one message. A scalar or a member of an object counts as 1; a value
   * that takes more memory counts as more (docs/limits.md).
   */
  readonly maxValues: number = MI;
  /**
   * Most steps that one message may set off at this side: `map()` instructions, calls, values
   * copied for delivery, values encoded in answers, answers sent. A step that takes longer counts
   * as more.
   */
  readonly maxWork: number = MI;

  // Per session.

  /** Most capabilities and results that the peer may hold of this side. */
  readonly maxExports: number = 262_144;
  /** Most capabilities and promises of the peer that this side may hold. */
  readonly maxImports: number = 262_144;
  /** Most calls of the peer that are running, or wait for their arguments. */
  readonly maxPendingCalls: number = 32_768;
  /** Most pipes of the peer that are open. */
  readonly maxPipes: number = 4_096;
  /**
   * Largest metadata of one of the peer's calls, in UTF-16 code units; each value counts as 8 more.
   * `maxDepth` bounds its depth.
   */
  readonly maxMetadataSize: number = 16_384;
  /**
   * Most bytes held for the peer: messages that wait, results not yet released, chunks not yet
   * read, and a flat amount for each entry of the tables.
   */
  readonly maxHeldBytes: number = 64 * MI;
  /**
   * Most bytes held for all sessions of the process. Above it, a session ends: the largest of the
   * network (the first 64 bits of an IPv6 address) whose clients hold most together. A session
   * whose client's address isn't known counts as a network of its own. The limit of the session
   * that goes over it applies.
   */
  readonly maxProcessHeldBytes: number = 256 * MI;
  /** Milliseconds after which a call of the peer without a result fails. */
  readonly callTimeout: number = NONE;
  /**
   * Messages of the peer per second, on average. Messages of ten idle seconds may be made up for.
   */
  readonly maxMessageRate: number = NONE;
  /**
   * UTF-16 code units of the peer's texts per second, on average. Ten idle seconds may be made up
   * for.
   */
  readonly maxByteRate: number = NONE;

  // Per process.

  /**
   * Milliseconds for which messages are handled before timers and other connections get a turn. Of
   * the sessions that wait, the one that has used the least time goes on.
   */
  readonly turnBudget: number = 10;
}

/**
 * The amounts that a receiver accepts from a peer before it ends the session. A limit protects the
 * side that sets it. An announcement tells the sender some of them, so that one call fails instead
 * of the session (docs/protocol.md, "Extensions").
 */
export type Limits = ServerLimits;

/** The name of a limit. */
export type LimitName = keyof Limits;

/** The options of transports that bound a peer as {@link Limits} do. */
const LIMIT_OPTIONS = [
  "batchTimeout",
  "idleTimeout",
  "keepAlive",
  "maxBufferedAmount",
  "maxPayload",
  "maxRequestSize",
  "maxResponseSize",
  "maxSessions",
  "maxSessionsPerAddress",
  "openTimeout",
] as const;

/** The name of an option of a transport that bounds its peer. */
export type LimitOptionName = (typeof LIMIT_OPTIONS)[number];

const SERVER: Limits = Object.freeze({ ...new ServerLimits() });

/**
 * The limits of a session that sets none: those of a client, which chose its server. A message may
 * be as long as with `capnweb`.
 */
export const DEFAULT_LIMITS: Limits = Object.freeze({
  ...SERVER,
  maxMessageSize: 32 * MI,
  maxFrameSize: 32 * MI,
  maxValues: 8 * MI,
  maxWork: 8 * MI,
  maxHeldBytes: 256 * MI,
  maxProcessHeldBytes: NONE,
});

/** The limits that keep a mistake from hanging or crashing the process. */
const TRUSTED: Limits = Object.freeze({
  ...(Object.fromEntries(Object.keys(SERVER).map((name) => [name, NONE])) as unknown as Limits),
  maxMessageSize: 512 * MI,
  maxDepth: DEFAULT_MAX_DEPTH,
  maxBigIntDigits: SERVER.maxBigIntDigits,
  turnBudget: SERVER.turnBudget,
});

/** The named sets of limits. */
export const LIMIT_PROFILES = Object.freeze({
  client: DEFAULT_LIMITS,
  server: SERVER,
  trusted: TRUSTED,
});

const LIMIT_NAMES: ReadonlySet<unknown> = new Set([...Object.keys(SERVER), ...LIMIT_OPTIONS]);

/** True if a value, such as one from a peer, is the name of a limit or of an option that is one. */
export function isLimitName(value: unknown): value is LimitName | LimitOptionName {
  return LIMIT_NAMES.has(value);
}

/** The name of a set of limits. */
export type LimitProfile = keyof typeof LIMIT_PROFILES;

/** A profile, or limits that differ from the profile in force. */
export type LimitsOption = LimitProfile | Partial<Limits>;

/**
 * The complete limits that an option stands for.
 *
 * @param profile the profile of limits left out or `undefined`. Servers pass `"server"`
 * @throws TypeError for an unknown profile or limit, and for a value that isn't 0 or more
 *
 * @example
 * ```ts
 * resolveLimits({ maxMessageSize: 1024 * 1024 }, "server").maxDepth; // 256
 * ```
 */
export function resolveLimits(
  option: LimitsOption | undefined,
  profile: LimitProfile = "client",
): Limits {
  if (typeof option === "string") return profileOf(option);
  if (option && resolved.has(option)) return option as Limits;
  const base = profileOf(profile);
  if (!option) return base;
  const limits: Record<string, number> = { ...base };
  for (const [name, limit] of Object.entries(option)) {
    if (limit === undefined) continue;
    if (!(name in base)) throw new TypeError(`limits.${name} isn't a limit. See docs/limits.md.`);
    if (typeof limit !== "number" || !(limit >= 0)) {
      throw new TypeError(`limits.${name} must be 0 or more. Use Infinity for no limit.`);
    }
    limits[name] = limit;
  }
  // A message is in a frame, so a frame may be at least as long as a message.
  if (option.maxFrameSize === undefined) {
    limits["maxFrameSize"] = Math.max(base.maxFrameSize, limits["maxMessageSize"]!);
  }
  Object.freeze(limits);
  resolved.add(limits);
  return limits as unknown as Limits;
}

/**
 * Limits that {@link resolveLimits} has returned, and needn't check again: a server resolves its
 * limits once for all sessions.
 */
const resolved = new WeakSet<object>(Object.values(LIMIT_PROFILES));

function profileOf(name: LimitProfile): Limits {
  if (Object.hasOwn(LIMIT_PROFILES, name)) return LIMIT_PROFILES[name];
  throw new TypeError(`limits: "${name}" isn't a profile. See docs/limits.md.`);
}
