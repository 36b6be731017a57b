import type { StoredText } from "../model/frame-fold.ts";

/** Bytes of a segment. A text that is kept here is shorter, in UTF-8. */
const SEGMENT = 256 * 1024;
/**
 * Most segments that are kept for later texts. A recorder drops about a twentieth of its bytes at
 * once. New segments would be cleared, and count as growth, for which the engine collects garbage.
 */
const MOST_FREE = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text that bytes are in UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * Texts as bytes, first in, first out. The engine's collector of garbage doesn't look at bytes,
 * while it copies each string that stays twice. Each byte has an address, and addresses grow. Texts
 * that were added one after the other have consecutive addresses, unless a segment ends between.
 */
export class TextSegments {
  /** The segments that have texts, the oldest first. */
  readonly #segments: Uint8Array[] = [];
  readonly #free: Uint8Array[] = [];
  /** The number of the oldest segment. */
  #first = 0;
  /** The address of the next text, unless it doesn't fit. */
  #end = 0;

  /**
   * Adds a text.
   *
   * @returns its address, and its length in bytes
   */
  add(text: string): { readonly address: number; readonly length: number } {
    const last = this.#segments.at(-1);
    if (last) {
      // One byte stays free, so that texts with consecutive addresses are in one segment.
      const rest = last.subarray(this.#end % SEGMENT, SEGMENT - 1);
      const { read, written } = encoder.encodeInto(text, rest);
      if (read === text.length) return this.#added(written);
    }
    this.#segments.push(this.#free.pop() ?? new Uint8Array(SEGMENT));
    this.#end = (this.#first + this.#segments.length - 1) * SEGMENT;
    return this.#added(encoder.encodeInto(text, this.#segments.at(-1)!).written);
  }

  #added(length: number) {
    const address = this.#end;
    this.#end += length;
    return { address, length };
  }

  /** Takes back the last text that was added. */
  undo(address: number): void {
    this.#end = address;
  }

  /** The place of a text. The bytes may change once the text is dropped. */
  find(address: number, length: number): StoredText {
    const segment = Math.floor(address / SEGMENT);
    const start = address - segment * SEGMENT;
    return { bytes: this.#segments[segment - this.#first]!, start, end: start + length };
  }

  /** The bytes of a text, which may change once it is dropped. */
  bytes(address: number, length: number): Uint8Array {
    const { bytes, start, end } = this.find(address, length);
    return bytes.subarray(start, end);
  }

  text(address: number, length: number): string {
    return textOf(this.bytes(address, length));
  }

  /** Drops the texts before an address. */
  dropBefore(address: number): void {
    const first = Math.floor(address / SEGMENT);
    while (this.#first < first && this.#segments.length > 1) {
      const segment = this.#segments.shift()!;
      this.#first++;
      if (this.#free.length < MOST_FREE) this.#free.push(segment);
    }
  }
}
