import { type Meter, scanning } from "../values/meter.ts";
import { textBytes } from "../values/sizes.ts";
import type { Work } from "../values/work.ts";
import { type Apply, longOperator, requireTexts } from "./operator.ts";

/** Operators that look at each letter of a text. */

/** The distance from an upper case letter of ASCII to its lower case. */
const ASCII_CASE = 32;
const ASCII_LETTERS = 26;

/** An operator that shifts the letters of ASCII from `first` on. */
function ofLetters(first: string, distance: number): Apply {
  const start = first.charCodeAt(0);
  return longOperator(function* (meter: Meter, text: string): Work<string> {
    requireTexts(text);
    meter.make(textBytes(text.length));
    let shifted = "";
    yield* scanning(meter, text.length, (from, to) => {
      // A pattern would call a function for each letter.
      const units = Array.from({ length: to - from }, (_, i) => {
        const unit = text.charCodeAt(from + i);
        return unit >= start && unit < start + ASCII_LETTERS ? unit + distance : unit;
      });
      shifted += String.fromCharCode(...units);
    });
    return shifted;
  });
}

/** The white space of Unicode, which isn't that of `String.prototype.trim`. */
const WHITE_SPACE = /^\p{White_Space}$/u;
const LAST_WHITE_SPACE = 0x3000;
const WHITE_UNITS: ReadonlySet<number> = new Set(
  Array.from({ length: LAST_WHITE_SPACE + 1 }, (_, unit) => unit).filter((unit) =>
    WHITE_SPACE.test(String.fromCharCode(unit)),
  ),
);

/** Loops, because a pattern for the end of a text takes quadratic time. */
function* trim(meter: Meter, text: string): Work<string> {
  requireTexts(text);
  const isWhite = (at: number) => WHITE_UNITS.has(text.charCodeAt(at));
  let start = 0;
  yield* scanning(meter, text.length, (_from, to) => {
    while (start < to && isWhite(start)) start++;
    return start < to;
  });
  let end = text.length;
  yield* scanning(meter, text.length - start, (_from, to) => {
    const least = text.length - to;
    while (end > least && isWhite(end - 1)) end--;
    return end > least;
  });
  meter.make(textBytes(end - start));
  return text.slice(start, end);
}

export const LETTERS = {
  lowerAscii: ofLetters("A", ASCII_CASE),
  upperAscii: ofLetters("a", -ASCII_CASE),
  trim: longOperator(trim),
};
