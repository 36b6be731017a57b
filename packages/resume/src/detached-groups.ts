/** The sessions of a group, the one that is given up next first, and their bytes. */
export class DetachedGroup<S> {
  readonly sessions = new Set<S>();
  bytes = 0;
}

/**
 * The groups of sessions without a connection, by their names. Finds the group with the most
 * sessions in the same time, however many groups there are. Sessions without a group are one group.
 */
export class DetachedGroups<S> {
  readonly #byName = new Map<string | undefined, DetachedGroup<S>>();
  /** The groups by their numbers of sessions. */
  readonly #bySize = new Map<number, Set<DetachedGroup<S>>>();
  #largestSize = 0;

  find(name: string | undefined): DetachedGroup<S> | undefined {
    return this.#byName.get(name);
  }

  /** One of the groups with the most sessions; `undefined` if there are no sessions. */
  get largest(): DetachedGroup<S> | undefined {
    return this.#bySize.get(this.#largestSize)?.values().next().value;
  }

  add(session: S, name: string | undefined, bytes: number): void {
    const group = this.#byName.get(name) ?? new DetachedGroup<S>();
    this.#byName.set(name, group);
    const before = group.sessions.size;
    group.sessions.add(session);
    group.bytes += bytes;
    this.#resized(group, before);
  }

  remove(session: S, name: string | undefined, bytes: number): void {
    const group = this.#byName.get(name)!;
    const before = group.sessions.size;
    group.sessions.delete(session);
    group.bytes -= bytes;
    if (group.sessions.size === 0) this.#byName.delete(name);
    this.#resized(group, before);
  }

  /** Sorts a group in anew, which has one session more or less. */
  #resized(group: DetachedGroup<S>, before: number): void {
    const { size } = group.sessions;
    const others = this.#bySize.get(before);
    others?.delete(group);
    if (others?.size === 0) this.#bySize.delete(before);
    if (size > 0) {
      const same = this.#bySize.get(size) ?? new Set();
      this.#bySize.set(size, same.add(group));
    }
    if (size > this.#largestSize || !this.#bySize.has(this.#largestSize)) this.#largestSize = size;
  }
}
