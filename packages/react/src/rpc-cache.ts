import { Entry } from "./entry.ts";
import { type RpcKey, textOfKey } from "./key.ts";
import { CONNECTING, type Live, LiveEntry } from "./live-entry.ts";

/** Options of an {@link RpcCache}. */
export interface RpcCacheOptions {
  /**
   * Milliseconds for which a result is kept without a component that uses it, and at least until no
   * call is waited for. A component that suspends isn't mounted yet, so this must be longer than
   * React takes to render it again. Default 5,000.
   */
  readonly keepUnused?: number | undefined;
}

const DEFAULT_KEEP_UNUSED = 5_000;

/**
 * The results that components wait for and share. It owns them: a result is disposed of when no
 * component has used it for `keepUnused`, or when it was replaced.
 *
 * @example
 * ```ts
 * const cache = new RpcCache();
 * createRoot(element).render(<RpcCacheProvider cache={cache}><App /></RpcCacheProvider>);
 * ```
 */
export class RpcCache {
  readonly #keepUnused: number;
  readonly #entries = new Map<string, Entry<any>>();
  readonly #live = new Map<string, LiveEntry<any>>();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor({ keepUnused = DEFAULT_KEEP_UNUSED }: RpcCacheOptions = {}) {
    this.#keepUnused = keepUnused;
  }

  /** The number of results and live values that it holds. */
  get size(): number {
    return this.#entries.size + this.#live.size;
  }

  /**
   * Has the components that use a result load it again. They go on to show the old one meanwhile.
   *
   * @param key the key; without it, all results
   */
  invalidate(key?: RpcKey): void {
    const ids = key ? [textOfKey(key)] : [...this.#entries.keys()];
    for (const id of ids) {
      const entry = this.#entries.get(id);
      this.#entries.delete(id);
      for (const listener of [...(this.#listeners.get(id) ?? [])]) listener();
      entry?.retire();
    }
  }

  /** For the hooks. The entry of a key, which starts to load with the first call. */
  entry(id: string, load: () => unknown): Entry<any> {
    let entry = this.#entries.get(id);
    if (!entry) {
      const made: Entry = new Entry(load, this.#keepUnused, () => this.#release(id, made));
      entry = made;
      this.#entries.set(id, made);
    }
    return entry;
  }

  /** For the hooks. True if an entry is still the one of its key. */
  holds(id: string, entry: Entry<any>): boolean {
    return this.#entries.get(id) === entry;
  }

  /**
   * Gives a result up, unless another one is waited for: its component may have suspended before it
   * could use this one, and would load both again, for ever.
   */
  #release(id: string, entry: Entry): boolean {
    for (const { state } of this.#entries.values()) if (state.status === "pending") return false;
    if (this.#entries.get(id) === entry) this.#entries.delete(id);
    return true;
  }

  /** For the hooks. The state of a live value. Doesn't make it, because nothing may ever use it. */
  liveState(id: string): Live<any> {
    return this.#live.get(id)?.state ?? CONNECTING;
  }

  /** For the hooks. The live value of a key, which is read while something listens to it. */
  liveEntry(id: string): LiveEntry<any> {
    let entry = this.#live.get(id);
    if (!entry) {
      const made: LiveEntry<any> = new LiveEntry(() => {
        if (this.#live.get(id) === made) this.#live.delete(id);
      });
      entry = made;
      this.#live.set(id, made);
    }
    return entry;
  }

  /** For the hooks. Calls `listener` when a result is invalidated. */
  subscribe(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }
}
