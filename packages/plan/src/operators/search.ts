import { type Meter, scanning, visit } from "../values/meter.ts";
import type { Work } from "../values/work.ts";

/**
 * The search for a text in another, in time that is linear in both. The engine's own search
 * compares the whole part at each position of a text such as "aaaa…".
 */

/** Parts that the engine finds in about as many comparisons for each code unit. */
const LONGEST_SHORT = 16;

/** Bytes of an entry in a part's table. */
const ENTRY_BYTES = 4;

/** A search for the places of a part that don't overlap, in order. */
interface Search {
  /** Goes on up to a code unit. Returns the place that it found on the way, else -1. */
  next(end: number): number;
}

/** The first position, from `from` on, where a part stands; -1 for none. */
export function* findFirst(meter: Meter, text: string, part: string, from: number): Work<number> {
  if (part === "") return from;
  let found = -1;
  if (part.length > text.length - from) return found;
  const search = yield* searchOf(meter, text, part, from);
  yield* scanning(meter, text.length - from, (_start, end) => {
    found = search.next(from + end);
    return found >= 0;
  });
  return found;
}

/** The last position, up to `from`, where a part stands; -1 for none. */
export function* findLast(meter: Meter, text: string, part: string, from: number): Work<number> {
  const last = Math.min(from, text.length - part.length);
  if (last < 0) return -1;
  let found = -1;
  if (part.length <= LONGEST_SHORT) {
    yield* scanning(meter, last + 1, (start, end) => {
      const first = last + 1 - end;
      const at = text.slice(first, last - start + part.length).lastIndexOf(part);
      if (at >= 0) found = first + at;
      return at >= 0;
    });
    return found;
  }
  const borders = yield* bordersOf(meter, part);
  const search = new LongSearch(text, part, borders, 0, borders.at(-1)!);
  yield* scanning(meter, last + part.length, (_start, end) => {
    for (let at = search.next(end); at >= 0; at = search.next(end)) found = at;
  });
  return found;
}

/**
 * The positions where a part stands, which don't overlap.
 *
 * @param part isn't empty
 */
export function* occurrences(
  meter: Meter,
  text: string,
  part: string,
  most: number,
): Work<number[]> {
  const found: number[] = [];
  if (part.length > text.length || most === 0) return found;
  const search = yield* searchOf(meter, text, part, 0);
  yield* scanning(meter, text.length, (_start, end) => {
    const before = found.length;
    for (let at = search.next(end); at >= 0; at = search.next(end)) {
      found.push(at);
      if (found.length === most) return true;
    }
    visit(meter, found.length - before);
    return false;
  });
  return found;
}

function* searchOf(meter: Meter, text: string, part: string, from: number): Work<Search> {
  if (part.length <= LONGEST_SHORT) return new ShortSearch(text, part, from);
  return new LongSearch(text, part, yield* bordersOf(meter, part), from, 0);
}

/** The engine's search. */
class ShortSearch implements Search {
  readonly #text: string;
  readonly #part: string;
  #at: number;

  constructor(text: string, part: string, from: number) {
    this.#text = text;
    this.#part = part;
    this.#at = from;
  }

  next(end: number): number {
    if (this.#at >= end) return -1;
    // The engine can't be told where to stop, so it gets no more than it may look through.
    const window = this.#text.slice(this.#at, end + this.#part.length - 1);
    const found = window.indexOf(this.#part);
    if (found < 0) {
      this.#at = end;
      return -1;
    }
    const place = this.#at + found;
    this.#at = place + this.#part.length;
    return place;
  }
}

/**
 * The search of Knuth, Morris and Pratt.
 *
 * @see https://doi.org/10.1137/0206024
 */
class LongSearch implements Search {
  readonly #text: string;
  readonly #part: string;
  readonly #borders: Int32Array;
  readonly #afterMatch: number;
  #at: number;
  #matched = 0;

  /** @param afterMatch the length of the part that counts as matched after a match */
  constructor(text: string, part: string, borders: Int32Array, from: number, afterMatch: number) {
    this.#text = text;
    this.#part = part;
    this.#borders = borders;
    this.#at = from;
    this.#afterMatch = afterMatch;
  }

  next(end: number): number {
    const part = this.#part;
    while (this.#at < end) {
      const unit = this.#text.charCodeAt(this.#at++);
      this.#matched = extended(part, this.#borders, this.#matched, unit);
      if (this.#matched < part.length) continue;
      this.#matched = this.#afterMatch;
      return this.#at - part.length;
    }
    return -1;
  }
}

/** The length of the start of a part that is matched after one more code unit. */
function extended(part: string, borders: Int32Array, before: number, unit: number): number {
  let matched = before;
  while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1]!;
  return part.charCodeAt(matched) === unit ? matched + 1 : matched;
}

/** For each start of a part, the length of its longest other start that is also its end. */
function* bordersOf(meter: Meter, part: string): Work<Int32Array> {
  meter.make(ENTRY_BYTES * part.length);
  const borders = new Int32Array(part.length);
  yield* scanning(meter, part.length, (start, end) => {
    for (let i = Math.max(1, start); i < end; i++) {
      borders[i] = extended(part, borders, borders[i - 1]!, part.charCodeAt(i));
    }
  });
  return borders;
}
