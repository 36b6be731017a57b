/** The frames of one session that are kept for its peer. */
export interface KeptFrames {
  /** Their size. */
  readonly bytes: number;
  /** Forgets all of them that can be forgotten without ending the session now. */
  forgetSent(): void;
}

/** Is told of the bytes of one session. */
export interface KeptCount {
  changed(frames: KeptFrames, delta: number): void;
}

/** The part of the bound down to which room is made, so that it isn't made for each frame. */
const LOW = 0.75;

/**
 * The bytes that the sessions of an acceptor keep for their peers. Peers that read everything and
 * acknowledge nothing have no other common bound.
 */
export class KeptBytes {
  readonly #most: number;
  /** The frames of sessions that keep any, and the group of each session. */
  readonly #kept = new Map<KeptFrames, string | undefined>();
  #total = 0;
  /** The total above which room is made. */
  #makeRoomAt: number;

  constructor(most: number) {
    this.#most = most;
    this.#makeRoomAt = most;
  }

  /**
   * Notes that the size of a session's frames has changed by `delta` bytes.
   *
   * @param group the group that the session counts for
   */
  changed(frames: KeptFrames, delta: number, group: string | undefined): void {
    this.#total += delta;
    if (frames.bytes > 0) this.#kept.set(frames, group);
    else this.#kept.delete(frames);
    if (delta > 0 && this.#total > this.#makeRoomAt) this.#makeRoom();
  }

  /**
   * The sessions that keep most give up first, in the groups that keep most: theirs can no longer
   * be resumed at any time.
   */
  #makeRoom(): void {
    const low = this.#most * LOW;
    for (const frames of this.#largestFirst()) {
      if (this.#total <= low) break;
      frames.forgetSent();
    }
    // Nothing more can be forgotten now, if the total is still higher.
    this.#makeRoomAt = Math.max(this.#most, this.#total + this.#most - low);
  }

  #largestFirst(): KeptFrames[] {
    const totals = new Map<string | undefined, number>();
    for (const [{ bytes }, group] of this.#kept) {
      totals.set(group, (totals.get(group) ?? 0) + bytes);
    }
    const all = Array.from(this.#kept, ([frames, group]) => {
      const ofGroup = group === undefined ? frames.bytes : totals.get(group)!;
      return { frames, ofGroup };
    });
    all.sort((a, b) => b.ofGroup - a.ofGroup || b.frames.bytes - a.frames.bytes);
    return all.map(({ frames }) => frames);
  }
}
