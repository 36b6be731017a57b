import { type Meter, scanning } from "../values/meter.ts";
import type { Work } from "../values/work.ts";

/** The kinds of surrogates, by the bits that all of a kind have. */
const KIND = 0xfc00;
const HIGH = 0xd800;
const LOW = 0xdc00;

/** True if a code unit is the second one of a code point. */
export function isSecond(text: string, at: number): boolean {
  return (text.charCodeAt(at) & KIND) === LOW && (text.charCodeAt(at - 1) & KIND) === HIGH;
}

/** A text whose positions are counted in code points, as CEL does. */
export class CodePoints {
  readonly text: string;
  readonly length: number;
  readonly #meter: Meter;

  private constructor(meter: Meter, text: string, length: number) {
    this.#meter = meter;
    this.text = text;
    this.length = length;
  }

  static *of(meter: Meter, text: string): Work<CodePoints> {
    return new CodePoints(meter, text, yield* countPoints(meter, text, text.length));
  }

  *slice(start: number, end = this.length): Work<string> {
    const from = yield* this.unitsBefore(start);
    return this.text.slice(from, yield* this.#unitsAfter(from, end - start));
  }

  /** The code units before a position. */
  unitsBefore(at: number): Work<number> {
    return this.#unitsAfter(0, at);
  }

  /** The code points before a code unit; -1 stays -1. */
  *pointsBefore(unit: number): Work<number> {
    if (unit < 0 || this.#isPlain) return unit;
    return yield* countPoints(this.#meter, this.text, unit);
  }

  /** True if each code point is one code unit. */
  get #isPlain(): boolean {
    return this.length === this.text.length;
  }

  /** The code unit that is a number of code points after another. */
  *#unitsAfter(unit: number, points: number): Work<number> {
    if (this.#isPlain) return unit + points;
    let at = unit;
    yield* scanning(this.#meter, points, (start, end) => {
      for (let i = start; i < end; i++) at += isSecond(this.text, at + 1) ? 2 : 1;
    });
    return at;
  }
}

/** The code points up to a code unit. */
function* countPoints(meter: Meter, text: string, units: number): Work<number> {
  let points = units;
  yield* scanning(meter, units, (start, end) => {
    for (let i = start; i < end; i++) if (isSecond(text, i)) points--;
  });
  return points;
}

/**
 * Goes through a text in pieces that end between code points.
 *
 * @param each gets a piece. Returns true to end the work
 */
export function* byPieces(
  meter: Meter,
  text: string,
  each: (piece: string) => boolean | void,
): Work<void> {
  let from = 0;
  yield* scanning(meter, text.length, (_start, end) => {
    const to = isSecond(text, end) ? end + 1 : end;
    const piece = text.slice(from, to);
    from = to;
    return each(piece);
  });
}
