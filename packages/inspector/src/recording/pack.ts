import type { Entry } from "./entry.ts";
import { formatEntry, parseEntry } from "./lines.ts";

/*
 * Entries travel to the page as bytes, because sessions send bytes as they are. Texts and numbers
 * would be written as JSON, which takes more time than all else that a watched call costs.
 */

/** Entries in the form in which they travel: those that {@link Packer} was given, in order. */
export interface Packed {
  /** Three numbers for each entry: its origin, its time, the length of its text. */
  readonly heads: Uint8Array;
  /** The texts of all entries, one after the other, in UTF-8. */
  readonly texts: Uint8Array;
}

/** The origin of an entry whose text is its line in a recorded file. That of a frame is its own. */
const OTHER = -1;
const BYTES_PER_NUMBER = 8;
const BYTES_PER_HEAD = 3 * BYTES_PER_NUMBER;

/** Collects entries that travel together. */
export class Packer {
  readonly #heads: number[] = [];
  readonly #texts: string[] = [];
  /** The length of all texts so far, in UTF-16 code units. */
  length = 0;

  add(entry: Entry): void {
    if (entry.kind === "frame" && typeof entry.frame === "string" && entry.size === undefined) {
      const { session, at, from, frame } = entry;
      this.#add(2 * session + (from === "server" ? 1 : 0), at, frame);
    } else this.#add(OTHER, 0, formatEntry(entry));
  }

  #add(origin: number, at: number, text: string): void {
    this.#heads.push(origin, at, text.length);
    this.#texts.push(text);
    this.length += text.length;
  }

  packed(): Packed {
    const heads = new DataView(new ArrayBuffer(this.#heads.length * BYTES_PER_NUMBER));
    this.#heads.forEach((each, i) => {
      heads.setFloat64(i * BYTES_PER_NUMBER, each, true);
    });
    return {
      heads: new Uint8Array(heads.buffer),
      texts: new TextEncoder().encode(this.#texts.join("")),
    };
  }
}

/** Returns the entries that a {@link Packer} was given. Those that can't be read are left out. */
export function unpack({ heads, texts }: Packed): Entry[] {
  const entries: Entry[] = [];
  const numbers = new DataView(heads.buffer, heads.byteOffset, heads.byteLength);
  const all = new TextDecoder("utf-8", { ignoreBOM: true }).decode(texts);
  let start = 0;
  for (let i = 0; i + BYTES_PER_HEAD <= heads.byteLength; i += BYTES_PER_HEAD) {
    const numberAt = (place: number) => numbers.getFloat64(i + place * BYTES_PER_NUMBER, true);
    const end = start + numberAt(2);
    const entry = entryOf(numberAt(0), numberAt(1), all.slice(start, end));
    if (entry) entries.push(entry);
    start = end;
  }
  return entries;
}

function entryOf(origin: number, at: number, text: string): Entry | undefined {
  if (origin === OTHER) return parseEntry(text);
  const from = origin % 2 === 1 ? "server" : "client";
  return { kind: "frame", session: Math.floor(origin / 2), at, from, frame: text };
}
