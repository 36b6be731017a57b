import type { StoredText } from "../model/frame-fold.ts";
import type { Entry } from "./entry.ts";
import { formatEntry, parseEntry } from "./lines.ts";

/*
 * Entries travel to the page as bytes, because sessions send bytes as they are. Texts and numbers
 * would be written as JSON, which takes more time than all else that a watched call costs.
 */

/** Entries in the form in which they travel: those that {@link Packer} was given, in order. */
export interface Packed {
  /** Three numbers for each entry: its origin, its time, the length of its text in bytes. */
  readonly heads: Uint8Array;
  /** The texts of all entries, one after the other, in UTF-8. */
  readonly texts: Uint8Array;
}

/** The origin of an entry whose text is its line in a recorded file. That of a frame is its own. */
const OTHER = -1;
const BYTES_PER_NUMBER = 8;
const BYTES_PER_HEAD = 3 * BYTES_PER_NUMBER;

/** Texts that are next to each other. */
interface Part {
  readonly bytes: Uint8Array;
  readonly start: number;
  end: number;
}

/** Collects entries that travel together. */
export class Packer {
  readonly #heads: number[] = [];
  readonly #parts: Part[] = [];
  /** The length of all texts so far, in bytes. */
  length = 0;

  add(entry: Entry): void {
    if (entry.kind === "frame" && typeof entry.frame === "string" && entry.size === undefined) {
      const { session, at, from, frame } = entry;
      this.#addText(2 * session + (from === "server" ? 1 : 0), at, frame);
    } else this.#addText(OTHER, 0, formatEntry(entry));
  }

  #addText(origin: number, at: number, text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.addStored(origin, at, { bytes, start: 0, end: bytes.length });
  }

  /** Adds a frame whose text is stored. The bytes must stay until {@link packed}. */
  addStored(origin: number, at: number, { bytes, start, end }: StoredText): void {
    const last = this.#parts.at(-1);
    if (last?.bytes === bytes && last.end === start) last.end = end;
    else this.#parts.push({ bytes, start, end });
    this.#heads.push(origin, at, end - start);
    this.length += end - start;
  }

  packed(): Packed {
    const count = this.#heads.length;
    const heads = new DataView(new ArrayBuffer(count * BYTES_PER_NUMBER));
    for (let i = 0; i < count; i++) {
      heads.setFloat64(i * BYTES_PER_NUMBER, this.#heads[i]!, true);
    }
    const all = new Uint8Array(this.length);
    let end = 0;
    for (const part of this.#parts) {
      all.set(part.bytes.subarray(part.start, part.end), end);
      end += part.end - part.start;
    }
    return { heads: new Uint8Array(heads.buffer), texts: all };
  }
}

/** Returns the entries that a {@link Packer} was given. Those that can't be read are left out. */
export function unpack({ heads, texts }: Packed): Entry[] {
  const entries: Entry[] = [];
  const numbers = new DataView(heads.buffer, heads.byteOffset, heads.byteLength);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const all = decoder.decode(texts);
  const hasBytes = all.length === texts.length;
  let start = 0;
  for (let i = 0; i + BYTES_PER_HEAD <= heads.byteLength; i += BYTES_PER_HEAD) {
    const numberAt = (place: number) => numbers.getFloat64(i + place * BYTES_PER_NUMBER, true);
    const end = start + numberAt(2);
    const text = hasBytes ? all.slice(start, end) : decoder.decode(texts.subarray(start, end));
    const entry = entryOf(numberAt(0), numberAt(1), text);
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
