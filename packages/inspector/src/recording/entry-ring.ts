import type { InspectorModel } from "../model/inspector-model.ts";
import {
  type Entry,
  type FrameEntry,
  type Note,
  type NoteEntry,
  type Side,
  sizeOfEntry,
  sizeOfNote,
} from "./entry.ts";
import { type Packed, Packer } from "./pack.ts";
import { StoredTexts } from "./stored-texts.ts";
import { textOf } from "./text-segments.ts";

/** The items that a place holds: the content of a frame, a note, or any other entry. */
type Item = string | Uint8Array | Note | OtherEntry;
type OtherEntry = Exclude<Entry, NoteEntry>;

const FIRST_CAPACITY = 256;
/** Most entries, and about the most UTF-16 code units, that become bytes at once. */
const MOST_PENDING = 256;
const MOST_PENDING_TEXT = 32 * 1024;
/** Longer texts stay strings. Together with those that wait, this fits into a segment. */
const LONGEST_STORED = 32 * 1024;
/**
 * The entries of a recording, in bounded memory. Frames and notes have no object of their own here,
 * and texts soon become bytes. Otherwise each would survive several collections of garbage, which
 * takes longer than all else that is recorded.
 */
export class EntryRing {
  readonly #most: number;
  readonly #mostBytes: number;
  /**
   * A place for each entry, in circular order. The number of places is a power of two. A text that
   * has become bytes has no item.
   */
  #items: (Item | undefined)[] = new Array(FIRST_CAPACITY).fill(undefined);
  #times = new Float64Array(FIRST_CAPACITY);
  /** The session of a frame or note, twice, and one more for a frame of the server's. */
  #origins = new Float64Array(FIRST_CAPACITY);
  readonly #texts = new StoredTexts(FIRST_CAPACITY);
  /** The number of the first entry that may have a text to store. */
  #pending = 0;
  #pendingText = 0;
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
    if (typeof frame === "string") this.#pendingText += frame.length;
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

  #add(item: Item, at: number): number {
    if (this.end - this.#pending >= MOST_PENDING || this.#pendingText >= MOST_PENDING_TEXT) {
      this.#store();
    }
    if (this.end - this.start > this.#mask) this.#grow();
    const place = this.end++ & this.#mask;
    this.#items[place] = item;
    this.#times[place] = at;
    this.#bytes += sizeOfItem(item);
    return place;
  }

  /** Has the texts of the latest entries become bytes. */
  #store(): void {
    const texts: string[] = [];
    const numbers: number[] = [];
    for (let number = Math.max(this.#pending, this.start); number < this.end; number++) {
      const item = this.#items[number & this.#mask];
      if (typeof item !== "string" || item.length > LONGEST_STORED) continue;
      texts.push(item);
      numbers.push(number);
    }
    this.#pending = this.end;
    this.#pendingText = 0;
    if (this.#texts.addAll(texts, numbers)) {
      for (const number of numbers) this.#items[number & this.#mask] = undefined;
    } else {
      texts.forEach((text, i) => {
        this.#storeAny(text, numbers[i]!);
      });
    }
  }

  /** Stores a text, unless it is long and has other characters than those of ASCII. */
  #storeAny(text: string, number: number): void {
    // Conversions of longer ones take longer than to keep them.
    const LONGEST_WIDE = 512;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
    if (text.length > LONGEST_WIDE && /[^\x00-\x7f]/.test(text)) return;
    this.#texts.add(text, number);
    this.#bytes += this.#texts.lengthOf(number) - text.length;
    this.#items[number & this.#mask] = undefined;
  }

  /** The entry with a number, if it is kept. */
  get(number: number): Entry | undefined {
    if (number < this.start || number >= this.end) return undefined;
    const place = number & this.#mask;
    const item = this.#items[place] ?? this.#texts.textOf(number);
    if (typeof item === "object" && "kind" in item) return item;
    const origin = this.#origins[place]!;
    const session = Math.floor(origin / 2);
    const at = this.#times[place]!;
    if (typeof item === "object" && "is" in item) return { kind: "note", session, at, note: item };
    const from = origin % 2 === 1 ? "server" : "client";
    return { kind: "frame", session, at, from, frame: item };
  }

  /** Removes the oldest entry. There must be one. */
  shift(): Entry {
    const entry = this.get(this.start)!;
    this.#removeFirst();
    return entry;
  }

  /** Removes entries until none has to go. They go to a model. */
  dropInto(model: InspectorModel): void {
    while (this.isOver) {
      this.#giveFirst(model);
      this.#removeFirst();
    }
    model.settle();
  }

  #giveFirst(model: InspectorModel): void {
    const number = this.start;
    const place = number & this.#mask;
    if (this.#items[place] !== undefined) {
      model.add(this.get(number)!);
      return;
    }
    const origin = this.#origins[place]!;
    const from = origin % 2 === 1 ? "server" : "client";
    const at = this.#times[place]!;
    const text = this.#texts.find(number);
    const rest = model.addStored(Math.floor(origin / 2), at, from, text);
    if (rest >= text.end) return;
    const entry = this.get(number) as FrameEntry & { frame: string };
    if (rest === text.start) model.add(entry);
    else model.add({ ...entry, frame: textOf(text.bytes.subarray(rest, text.end)) });
  }

  #removeFirst(): void {
    const number = this.start++;
    const place = number & this.#mask;
    const item = this.#items[place];
    if (item === undefined) {
      this.#bytes -= EMPTY + this.#texts.lengthOf(number);
      this.#texts.remove(number);
    } else this.#bytes -= sizeOfItem(item);
    this.#items[place] = undefined;
  }

  /** The entries that are kept, oldest first. */
  *[Symbol.iterator](): Iterator<Entry> {
    for (let number = this.start; number < this.end; number++) {
      const entry = this.get(number);
      if (entry) yield entry;
    }
  }

  /**
   * Packs entries from a number on, which must be kept.
   *
   * @returns them, and the number of the entry after them
   */
  pack(start: number, most: number, mostBytes: number): { packed: Packed; end: number } {
    this.#store();
    const packer = new Packer();
    const last = Math.min(this.end, start + most);
    let end = start;
    for (; end < last && packer.length < mostBytes; end++) {
      const place = end & this.#mask;
      if (this.#items[place] === undefined) {
        packer.addStored(this.#origins[place]!, this.#times[place]!, this.#texts.find(end));
      } else packer.add(this.get(end)!);
    }
    return { packed: packer.packed(), end };
  }

  #grow(): void {
    const mask = 2 * this.#mask + 1;
    const items = new Array<Item | undefined>(mask + 1).fill(undefined);
    const times = new Float64Array(mask + 1);
    const origins = new Float64Array(mask + 1);
    for (let number = this.start; number < this.end; number++) {
      const place = number & this.#mask;
      items[number & mask] = this.#items[place];
      times[number & mask] = this.#times[place]!;
      origins[number & mask] = this.#origins[place]!;
    }
    this.#items = items;
    this.#times = times;
    this.#origins = origins;
    this.#mask = mask;
    this.#texts.grow(this.start, this.end);
  }
}

/** The bytes of a place, and of the head of a text or an object. */
const EMPTY = 48;

function sizeOfItem(item: Item): number {
  if (typeof item === "string" || item instanceof Uint8Array) return EMPTY + item.length;
  return EMPTY + ("is" in item ? sizeOfNote(item) : sizeOfEntry(item));
}
