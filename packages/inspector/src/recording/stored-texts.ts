import type { StoredText } from "../model/frame-fold.ts";
import { TextSegments, textOf } from "./text-segments.ts";

/** Most bytes of texts that become strings at once. */
const MOST_DECODED = 64 * 1024;

/** The texts of consecutive entries. */
interface Decoded {
  readonly start: number;
  readonly end: number;
  readonly address: number;
  readonly text: string;
}

/** Texts of entries as bytes, by the numbers of the entries. */
export class StoredTexts {
  readonly #segments = new TextSegments();
  /** A place for each entry, in circular order; 0 bytes at -1 for an entry without a text here. */
  #addresses: Float64Array;
  #lengths: Uint32Array;
  #mask: number;
  #decoded: Decoded | undefined;
  /** The address of the last text that was removed. */
  #removed = 0;

  /** @param capacity a power of two */
  constructor(capacity: number) {
    this.#addresses = new Float64Array(capacity).fill(-1);
    this.#lengths = new Uint32Array(capacity);
    this.#mask = capacity - 1;
  }

  /**
   * Adds texts of ASCII, which fit into a segment together.
   *
   * @param numbers those of their entries
   * @returns false, and adds nothing, if there is another character
   */
  addAll(texts: readonly string[], numbers: readonly number[]): boolean {
    this.#segments.dropBefore(this.#removed);
    // Together, because each step outside the engine takes longer than most texts.
    const all = texts.join("");
    const { address, length } = this.#segments.add(all);
    if (length !== all.length) {
      this.#segments.undo(address);
      return false;
    }
    let next = address;
    for (let i = 0; i < texts.length; i++) {
      const { length: own } = texts[i]!;
      this.#note(numbers[i]!, next, own);
      next += own;
    }
    return true;
  }

  /** Adds any text that fits into a segment. */
  add(text: string, number: number): void {
    const { address, length } = this.#segments.add(text);
    this.#note(number, address, length);
  }

  #note(number: number, address: number, length: number): void {
    const place = number & this.#mask;
    this.#addresses[place] = address;
    this.#lengths[place] = length;
  }

  /** The bytes of an entry's text. They may change once it is removed, and others are added. */
  find(number: number): StoredText {
    const place = number & this.#mask;
    return this.#segments.find(this.#addresses[place]!, this.#lengths[place]!);
  }

  /** The bytes of an entry's text. */
  lengthOf(number: number): number {
    return this.#lengths[number & this.#mask]!;
  }

  /** The text of an entry: a part of a longer text. */
  textOf(number: number): string {
    let decoded = this.#decoded;
    if (!decoded || number < decoded.start || number >= decoded.end) {
      decoded = this.#decode(number);
      this.#decoded = decoded;
    }
    const place = number & this.#mask;
    const start = this.#addresses[place]! - decoded.address;
    return decoded.text.slice(start, start + this.#lengths[place]!);
  }

  /** Reads the text of an entry, and those after it that are next to it. */
  #decode(start: number): Decoded {
    const address = this.#addresses[start & this.#mask]!;
    let end = start;
    let length = 0;
    do length += this.#lengths[end++ & this.#mask]!;
    while (
      length < MOST_DECODED &&
      end - start <= this.#mask &&
      this.#addresses[end & this.#mask] === address + length
    );
    const text = textOf(this.#segments.bytes(address, length));
    if (text.length === length) return { start, end, address, text };
    // Bytes aren't code units here.
    const own = textOf(this.#segments.bytes(address, this.lengthOf(start)));
    return { start, end: start + 1, address, text: own };
  }

  remove(number: number): void {
    const place = number & this.#mask;
    this.#removed = this.#addresses[place]!;
    this.#addresses[place] = -1;
  }

  /** Makes twice as many places, for the entries from `start` to before `end`. */
  grow(start: number, end: number): void {
    const mask = 2 * this.#mask + 1;
    const addresses = new Float64Array(mask + 1).fill(-1);
    const lengths = new Uint32Array(mask + 1);
    for (let number = start; number < end; number++) {
      addresses[number & mask] = this.#addresses[number & this.#mask]!;
      lengths[number & mask] = this.#lengths[number & this.#mask]!;
    }
    this.#addresses = addresses;
    this.#lengths = lengths;
    this.#mask = mask;
  }
}
