/** The number of ids in sequence that share a page. */
const PAGE_SIZE = 32;

interface Page<T> {
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
  /** The latest pages: of ids from 0 up, and of negative ids. */
  #upper: Page<T> | undefined;
  #lower: Page<T> | undefined;
  /** The other pages. Most sessions never have any. */
  #older: Map<number, Page<T>> | undefined;

  get(id: number): T | undefined {
    if (id === 0) return this.#main;
    const page = this.#page(id);
    return page?.entries[id - page.first];
  }

  /** Enters an id that isn't there yet. */
  add(id: number, entry: T): void {
    if (id === 0) {
      this.#main = entry;
      return;
    }
    const page = this.#page(id) ?? this.#addPage(id);
    page.entries[id - page.first] = entry;
    page.size++;
  }

  /** Replaces the entry of an id that is there. */
  replace(id: number, entry: T): void {
    if (id === 0) {
      this.#main = entry;
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
    const page = this.#page(id)!;
    page.entries[id - page.first] = undefined;
    if (--page.size === 0) this.#older?.delete(page.first);
  }

  /** All entries: the main object, ids from 1 up, then ids from -1 down, in order of entry. */
  values(): T[] {
    const values: T[] = this.#main === undefined ? [] : [this.#main];
    const older = this.#older === undefined ? [] : [...this.#older.values()];
    for (const page of older) if (page.first >= 0) gather(page, values);
    gather(this.#upper, values);
    for (const page of older) if (page.first < 0) gatherDown(page, values);
    gatherDown(this.#lower, values);
    return values;
  }

  /** The ids of all entries but the main object. */
  ids(): number[] {
    const ids: number[] = [];
    const gather = (page: Page<T> | undefined) => {
      page?.entries.forEach((entry, i) => {
        if (entry !== undefined) ids.push(page.first + i);
      });
    };
    this.#older?.forEach(gather);
    gather(this.#upper);
    gather(this.#lower);
    return ids;
  }

  /** Removes and returns all entries. */
  clear(): T[] {
    const entries = this.values();
    this.#main = this.#upper = this.#lower = this.#older = undefined;
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

/** Adds the entries of a page, which may be empty, in ascending order of ids. */
function gather<T>(page: Page<T> | undefined, values: T[]): void {
  if (!page?.size) return;
  for (const entry of page.entries) if (entry !== undefined) values.push(entry);
}

/** Adds the entries of a page, which may be empty, in descending order of ids. */
function gatherDown<T>(page: Page<T> | undefined, values: T[]): void {
  if (!page?.size) return;
  for (let i = PAGE_SIZE - 1; i >= 0; i--) {
    const entry = page.entries[i];
    if (entry !== undefined) values.push(entry);
  }
}

/** The first id of the page that contains an id. */
function firstOf(id: number): number {
  return Math.floor(id / PAGE_SIZE) * PAGE_SIZE;
}
