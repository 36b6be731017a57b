import {
  type Entry,
  type Note,
  type NoteEntry,
  type Side,
  sizeOfEntry,
  sizeOfNote,
} from "./entry.ts";

/** The items that a place holds: the content of a frame, a note, or any other entry. */
type Item = string | Uint8Array | Note | OtherEntry | undefined;
type OtherEntry = Exclude<Entry, NoteEntry>;

const FIRST_CAPACITY = 256;

/**
 * The entries of a recording, in bounded memory. Frames and notes have no object of their own here,
 * because each would survive several collections of garbage, which takes longer than all else that
 * is recorded.
 */
export class EntryRing {
  readonly #most: number;
  readonly #mostBytes: number;
  /** A place for each entry, in circular order. The number of places is a power of two. */
  #items: Item[] = new Array(FIRST_CAPACITY).fill(undefined);
  #times = new Float64Array(FIRST_CAPACITY);
  /** The session of a frame or note, twice, and one more for a frame of the server's. */
  #origins = new Float64Array(FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #bytes = 0;
  /** The number of the oldest entry that is kept. */
  start = 0;
  /** The number that the next entry gets. */
  end = 0;

  constructor(most: number, mostBytes: number) {
    this.#most = Math.max(1, most);
    this.#mostBytes = mostBytes;
  }

  /**
   * True if so many entries have to go that it pays. They go together, because code that runs for
   * each message in between would be out of the processor's caches: 3 µs per call.
   */
  get isFull(): boolean {
    const BATCH = 256;
    const spare = Math.min(BATCH, this.#most >> 2);
    return this.end - this.start > this.#most + spare || this.#bytes > 1.05 * this.#mostBytes;
  }

  /** True if an entry has to go. */
  get isOver(): boolean {
    return this.end - this.start > this.#most || this.#bytes > this.#mostBytes;
  }

  /** Adds a frame that is kept whole. */
  addFrame(session: number, at: number, from: Side, frame: string | Uint8Array): void {
    // The list may be another one once the frame has been added.
    const place = this.#add(frame, at);
    this.#origins[place] = 2 * session + (from === "server" ? 1 : 0);
  }

  addNote(session: number, at: number, note: Note): void {
    const place = this.#add(note, at);
    this.#origins[place] = 2 * session;
  }

  /** Adds any entry. */
  add(entry: Entry): void {
    const { kind, session, at } = entry;
    if (kind === "frame" && entry.size === undefined) {
      this.addFrame(session, at, entry.from, entry.frame);
    } else if (kind === "note") this.addNote(session, at, entry.note);
    else this.#add(entry, at);
  }

  #add(item: NonNullable<Item>, at: number): number {
    if (this.end - this.start > this.#mask) this.#grow();
    const place = this.end++ & this.#mask;
    this.#items[place] = item;
    this.#times[place] = at;
    this.#bytes += sizeOfItem(item);
    return place;
  }

  /** The entry with a number, if it is kept. */
  get(number: number): Entry | undefined {
    if (number < this.start || number >= this.end) return undefined;
    return this.#entryAt(number & this.#mask);
  }

  /** Removes the oldest entry. There must be one. */
  shift(): Entry {
    const place = this.start++ & this.#mask;
    const entry = this.#entryAt(place);
    this.#bytes -= sizeOfItem(this.#items[place]);
    this.#items[place] = undefined;
    return entry;
  }

  /** The entries that are kept, oldest first. */
  *[Symbol.iterator](): Iterator<Entry> {
    for (let number = this.start; number < this.end; number++) {
      const entry = this.get(number);
      if (entry) yield entry;
    }
  }

  #entryAt(place: number): Entry {
    const item = this.#items[place]!;
    if (typeof item === "object" && "kind" in item) return item;
    const origin = this.#origins[place]!;
    const session = Math.floor(origin / 2);
    const at = this.#times[place]!;
    if (typeof item === "object" && "is" in item) return { kind: "note", session, at, note: item };
    const from = origin % 2 === 1 ? "server" : "client";
    return { kind: "frame", session, at, from, frame: item };
  }

  #grow(): void {
    const kept = [...this];
    const capacity = 2 * (this.#mask + 1);
    this.#items = new Array(capacity).fill(undefined);
    this.#times = new Float64Array(capacity);
    this.#origins = new Float64Array(capacity);
    this.#mask = capacity - 1;
    this.#bytes = 0;
    this.end = this.start;
    for (const entry of kept) this.add(entry);
  }
}

function sizeOfItem(item: Item): number {
  // The places, and the head of a string.
  const EMPTY = 48;
  if (typeof item === "string" || item instanceof Uint8Array) return EMPTY + item.length;
  if (!item) return EMPTY;
  return EMPTY + ("is" in item ? sizeOfNote(item) : sizeOfEntry(item));
}
