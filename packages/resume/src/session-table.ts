import { isSameHash, keyOf } from "./secret.ts";

/** The secrets of a session, as hashes, and the number of its last connection. */
interface Entry<S> {
  readonly session: S;
  /** The secret with which the last connection was accepted. */
  hash: string;
  /** The secret for the next connection, until the peer has proved that it has it. */
  next: string | undefined;
  generation: number;
}

/** The sessions that can be resumed, by the hashes of their secrets. */
export class SessionTable<S extends object> {
  readonly #byKey = new Map<string, Entry<S>>();
  readonly #bySession = new Map<S, Entry<S>>();

  get size(): number {
    return this.#bySession.size;
  }

  /** Enters a session. `next` is the hash of its next secret, if there is one already. */
  add(session: S, hash: string, generation: number, next?: string): void {
    const entry = { session, hash, next, generation };
    this.#bySession.set(session, entry);
    this.#byKey.set(keyOf(hash), entry);
    if (next !== undefined) this.#byKey.set(keyOf(next), entry);
  }

  /** The session whose secret has a hash. */
  find(hash: string): S | undefined {
    const entry = this.#byKey.get(keyOf(hash));
    if (!entry) return undefined;
    const { next = "" } = entry;
    // Both are compared, so that the time tells nothing.
    const isCurrent = isSameHash(entry.hash, hash);
    const isNext = isSameHash(next, hash);
    return isCurrent || isNext ? entry.session : undefined;
  }

  /** True if a session has a secret with that hash, or one that can't be told from it. */
  has(hash: string): boolean {
    return this.#byKey.has(keyOf(hash));
  }

  /** The generation of a session's last connection. */
  generationOf(session: S): number {
    return this.#bySession.get(session)?.generation ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Notes that a session's secret was used on a new connection. The secret stays valid until the
   * next one is used or {@link confirm}ed.
   */
  use(session: S, hash: string, generation: number, next: string): void {
    const entry = this.#bySession.get(session)!;
    entry.generation = generation;
    const old = entry.hash === hash ? entry.next : entry.hash;
    if (old !== undefined) this.#byKey.delete(keyOf(old));
    entry.hash = hash;
    entry.next = next;
    this.#byKey.set(keyOf(next), entry);
  }

  /** Notes that the peer has the next secret: the one before it is no longer valid. */
  confirm(session: S): void {
    const entry = this.#bySession.get(session);
    if (entry?.next === undefined) return;
    this.#byKey.delete(keyOf(entry.hash));
    entry.hash = entry.next;
    entry.next = undefined;
  }

  /** @returns the hashes of the session's secrets */
  remove(session: S): string[] {
    const entry = this.#bySession.get(session);
    if (!entry) return [];
    this.#bySession.delete(session);
    const hashes = entry.next === undefined ? [entry.hash] : [entry.hash, entry.next];
    for (const hash of hashes) this.#byKey.delete(keyOf(hash));
    return hashes;
  }

  [Symbol.iterator](): IterableIterator<S> {
    return this.#bySession.keys();
  }
}
