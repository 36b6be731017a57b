import type { Clock } from "./clock.ts";
import { DetachedGroups } from "./detached-groups.ts";

/** A session without a connection, as its memory and time are accounted for. */
export interface DetachedSession {
  /** Bytes that wait for the peer. */
  readonly buffered: number;
  /** The name of the group that the session counts for. */
  readonly group?: string | undefined;
}

/** Bounds of all sessions without a connection together. */
export interface DetachedLimits {
  /** Milliseconds for which a session is kept. */
  readonly window: number;
  readonly maxDetached: number;
  readonly maxDetachedPerGroup: number;
  readonly maxDetachedBytes: number;
}

/** The part of the bound down to which room is made, so that it isn't made for each message. */
const LOW = 0.9;

interface Entry {
  readonly until: number;
  readonly group: string | undefined;
  bytes: number;
}

/**
 * The sessions that wait for their peers. Over the limit of sessions, one of the group with the
 * most sessions is evicted, so that peers of few groups can't push out those of others. Over the
 * limit of a group, one of this group is. It is the one that has waited longest. Over the limit of
 * bytes, those with the most are evicted.
 */
export class DetachedSessions<S extends DetachedSession> {
  readonly #limits: DetachedLimits;
  readonly #clock: Clock;
  readonly #giveUp: (session: S, reason: "expired" | "evicted") => void;
  /** In the order in which they are given up: all wait equally long. */
  readonly #entries = new Map<S, Entry>();
  readonly #groups = new DetachedGroups<S>();
  #bytes = 0;
  #cancel: (() => void) | undefined;

  /** @param giveUp ends a session, which has been removed before */
  constructor(
    limits: DetachedLimits,
    clock: Clock,
    giveUp: (session: S, reason: "expired" | "evicted") => void,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#giveUp = giveUp;
  }

  get count(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  [Symbol.iterator](): IterableIterator<S> {
    return this.#entries.keys();
  }

  add(session: S): void {
    const { buffered, group } = session;
    this.#entries.set(session, {
      until: this.#clock.now() + this.#limits.window,
      group,
      bytes: buffered,
    });
    this.#bytes += buffered;
    this.#groups.add(session, group, buffered);
    const others = this.#groups.find(group)!.sessions;
    if (group !== undefined && others.size > this.#limits.maxDetachedPerGroup) {
      this.#evict(oldestOf(others));
    }
    this.#makeRoom();
    this.#schedule();
  }

  remove(session: S): void {
    const entry = this.#entries.get(session);
    if (!entry) return;
    this.#entries.delete(session);
    this.#bytes -= entry.bytes;
    this.#groups.remove(session, entry.group, entry.bytes);
  }

  /** Notes that the bytes that wait for a session's peer have changed. */
  resized(session: S): void {
    const entry = this.#entries.get(session);
    if (!entry) return;
    const delta = session.buffered - entry.bytes;
    this.#bytes += delta;
    entry.bytes += delta;
    this.#groups.find(entry.group)!.bytes += delta;
    this.#makeRoom();
  }

  #makeRoom(): void {
    const { maxDetached, maxDetachedBytes } = this.#limits;
    while (this.#entries.size > maxDetached) {
      const { sessions } = this.#groups.largest!;
      this.#evict(sessions.size > 1 ? oldestOf(sessions) : this.#oldest()![0]);
    }
    if (this.#bytes > maxDetachedBytes) this.#free(maxDetachedBytes * LOW);
  }

  #evict(session: S): void {
    this.remove(session);
    this.#giveUp(session, "evicted");
  }

  #oldest(): [S, Entry] | undefined {
    return this.#entries.entries().next().value;
  }

  /**
   * Evicts sessions until the others have at most `low` bytes: the largest of the groups with the
   * most bytes, so that no other group pays for them.
   */
  #free(low: number): void {
    const candidates = Array.from(this.#entries, ([session, { group, bytes }]) => {
      const ofGroup = group === undefined ? bytes : this.#groups.find(group)!.bytes;
      return { session, bytes, ofGroup };
    });
    candidates.sort((a, b) => b.ofGroup - a.ofGroup || b.bytes - a.bytes);
    for (const { session } of candidates) {
      if (this.#bytes <= low) break;
      if (this.#entries.has(session)) this.#evict(session);
    }
  }

  /** One timer serves all sessions: it fires when the oldest one's time is over. */
  #schedule(): void {
    const oldest = this.#oldest();
    if (!oldest || this.#cancel) return;
    const left = Math.max(0, oldest[1].until - this.#clock.now());
    this.#cancel = this.#clock.after(left, () => {
      this.#cancel = undefined;
      this.#expire();
      this.#schedule();
    });
  }

  #expire(): void {
    const now = this.#clock.now();
    for (let next = this.#oldest(); next && next[1].until <= now; next = this.#oldest()) {
      this.remove(next[0]);
      this.#giveUp(next[0], "expired");
    }
  }
}

function oldestOf<S>(sessions: Set<S>): S {
  const [oldest] = sessions;
  return oldest!;
}
