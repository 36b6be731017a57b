import type { Work } from "./work.ts";

/** An account of work and memory. Its functions throw when too much was used. */
export interface Meter {
  /** True once enough steps were counted for a look at the clock. */
  readonly isDue: boolean;
  /** Counts steps. @throws LimitError */
  spend(steps: number): void;
  /** Counts bytes of a value that is made or received. @throws LimitError */
  make(bytes: number): void;
}

/** Code units or bytes that an operator reads or makes in one step. */
const UNITS_PER_STEP = 64;

/** Elements or members that an operator looks at in one step. */
const PARTS_PER_STEP = 8;

/** Code units or bytes that are read at once. A multiple of those of a step. */
export const UNITS_AT_ONCE = 4096;

/** Elements or members that are counted at once. A multiple of those of a step. */
const PARTS_AT_ONCE = 256;

/** Counts the reading of a text or of bytes. */
export function scan(meter: Meter, length: number): void {
  if (length >= UNITS_PER_STEP) meter.spend(Math.floor(length / UNITS_PER_STEP));
}

/** Counts the elements or members of a container that is handled as a whole. */
export function visit(meter: Meter, parts: number): void {
  if (parts >= PARTS_PER_STEP) meter.spend(Math.floor(parts / PARTS_PER_STEP));
}

/**
 * Goes through a text or bytes, and counts what it has read.
 *
 * @param each gets a part from `start` up to `end`. Returns true to end the work
 */
export function* scanning(
  meter: Meter,
  length: number,
  each: (start: number, end: number) => boolean | void,
): Work<void> {
  for (let start = 0; start < length; start += UNITS_AT_ONCE) {
    if (start > 0 && meter.isDue) yield;
    const end = Math.min(start + UNITS_AT_ONCE, length);
    scan(meter, end - start);
    if (each(start, end)) return;
  }
}

/** Counts elements or members one by one. */
export class Visits {
  readonly #meter: Meter;
  #parts = 0;

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  /** Counts one. Returns true if work must yield now. */
  add(): boolean {
    return ++this.#parts >= PARTS_AT_ONCE && this.end();
  }

  /** Counts those that weren't counted yet. Returns true if work must yield now. */
  end(): boolean {
    visit(this.#meter, this.#parts);
    this.#parts = 0;
    return this.#meter.isDue;
  }
}
