/** The number of ids in sequence that share a page. */
const PAGE_SIZE = 32;

/** Entries of ids in sequence. */
export interface Page<T> {
  /** The lowest id that belongs in the page. */
  readonly first: number;
  readonly entries: (T | undefined)[];
  size: number;
}

/**
 * Entries by id, for ids that are given out in sequence and never again. They stand in pages, which
 * go when they are empty, except those that the next ids go to. This costs a tenth of a `Map`,
 * which hashes each id and copies itself as it grows.
 */
export class IdTable<T> {
  /**
   * The main object (id 0). Many sessions hold nothing else, so it needs no page.
   */
  #main: T | undefined;
  /**
   * The only other entry, if it came while there was none. Needs no page as well, so that a session
   * with one call at a time has none.
   */
  #only: T | undefined;
  #onlyId = 0;
  /** The number of entries in pages. */
  #paged = 0;
  /** The latest pages: of ids from 0 up, and of negative ids. */
  #upper: Page<T> | undefined;
  #lower: Page<T> | undefined;
  /** The other pages. Most sessions never have any. */
  #older: Map<number, Page<T>> | undefined;

  get(id: number): T | undefined {
    if (id === 0) return this.#main;
    if (id === this.#onlyId) return this.#only;
    const page = this.#page(id);
    return page?.entries[id - page.first];
  }

  /** Enters an id that isn't there yet. */
  add(id: number, entry: T): void {
    if (id === 0) {
      this.#main = entry;
      return;
    }
    if (this.#onlyId === 0 && this.#paged === 0) {
      this.#only = entry;
      this.#onlyId = id;
      return;
    }
    const page = this.#page(id) ?? this.#addPage(id);
    page.entries[id - page.first] = entry;
    page.size++;
    this.#paged++;
  }

  /** Replaces the entry of an id that is there. */
  replace(id: number, entry: T): void {
    if (id === 0) {
      this.#main = entry;
      return;
    }
    if (id === this.#onlyId) {
      this.#only = entry;
      return;
    }
    const page = this.#page(id)!;
    page.entries[id - page.first] = entry;
  }

  /** Removes an id that is there. */
  remove(id: number): void {
    if (id === 0) {
      this.#main = undefined;
      return;
    }
    if (id === this.#onlyId) {
      this.#only = undefined;
      this.#onlyId = 0;
      return;
    }
    const page = this.#page(id)!;
    page.entries[id - page.first] = undefined;
    this.#paged--;
    if (--page.size === 0) this.#older?.delete(page.first);
  }

  /** All entries: the main object, ids from 1 up, then ids from -1 down, in order of entry. */
  values(): T[] {
    const values: T[] = this.#main === undefined ? [] : [this.#main];
    for (const { first, entries } of this.pages()) {
      const inOrder = first < 0 ? [...entries].reverse() : entries;
      for (const entry of inOrder) if (entry !== undefined) values.push(entry);
    }
    return values;
  }

  /**
   * The pages: those of ids from 1 up, then those of ids from -1 down. The only entry has a page of
   * its own among them, which came before the others.
   */
  pages(): Page<T>[] {
    const newest: Page<T>[] = [];
    if (this.#upper) newest.push(this.#upper);
    if (this.#lower) newest.push(this.#lower);
    if (!this.#older && this.#onlyId === 0) return newest;
    const all = [...(this.#older?.values() ?? []), ...newest];
    if (this.#onlyId !== 0) {
      all.unshift({ first: this.#onlyId, entries: [this.#only], size: 1 });
    }
    return [...all.filter(({ first }) => first >= 0), ...all.filter(({ first }) => first < 0)];
  }

  /** Removes and returns all entries. */
  clear(): T[] {
    const entries = this.values();
    this.#main = this.#only = this.#upper = this.#lower = this.#older = undefined;
    this.#onlyId = this.#paged = 0;
    return entries;
  }

  #page(id: number): Page<T> | undefined {
    const newest = id < 0 ? this.#lower : this.#upper;
    if (newest && id >= newest.first && id < newest.first + PAGE_SIZE) return newest;
    return this.#older?.get(firstOf(id));
  }

  #addPage(id: number): Page<T> {
    const page = {
      first: firstOf(id),
      entries: new Array<T | undefined>(PAGE_SIZE),
      size: 0,
    };
    const before = id < 0 ? this.#lower : this.#upper;
    if (before !== undefined && before.size > 0) {
      this.#older ??= new Map();
      this.#older.set(before.first, before);
    }
    if (id < 0) this.#lower = page;
    else this.#upper = page;
    return page;
  }
}

/** The first id of the page that contains an id. */
function firstOf(id: number): number {
  return Math.floor(id / PAGE_SIZE) * PAGE_SIZE;
}
