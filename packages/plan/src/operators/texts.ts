import { type Meter, scan, Visits } from "../values/meter.ts";
import { textBytes } from "../values/sizes.ts";
import type { Work } from "../values/work.ts";
import { CodePoints } from "./code-points.ts";
import { JoinedText } from "./joined-text.ts";
import { LETTERS } from "./letters.ts";
import { type Apply, longOperator, noOverload, operator, requireTexts } from "./operator.ts";
import { outOfRange, position, whole } from "./position.ts";
import { findFirst, findLast, occurrences } from "./search.ts";
import { split } from "./split.ts";

/** Texts, with the names of CEL and of its extension for strings. */

function* contains(meter: Meter, text: string, part: string): Work<boolean> {
  requireTexts(text, part);
  return (yield* findFirst(meter, text, part, 0)) >= 0;
}

/** An operator that compares a text with a slice of another. */
function ofSlice(slice: (text: string, length: number) => string): Apply {
  return operator((meter, text, part) => {
    requireTexts(text, part);
    scan(meter, part.length);
    return part.length <= text.length && slice(text, part.length) === part;
  });
}

function* indexOf(meter: Meter, text: string, part: string, from: unknown): Work<number> {
  requireTexts(text, part);
  const points = yield* CodePoints.of(meter, text);
  const start = from === undefined ? 0 : position(from, points.length);
  const unit = yield* points.unitsBefore(start);
  return yield* points.pointsBefore(yield* findFirst(meter, text, part, unit));
}

function* lastIndexOf(meter: Meter, text: string, part: string, from: unknown): Work<number> {
  requireTexts(text, part);
  const points = yield* CodePoints.of(meter, text);
  const start = from === undefined ? points.length : position(from, points.length);
  const unit = yield* points.unitsBefore(start);
  return yield* points.pointsBefore(yield* findLast(meter, text, part, unit));
}

function* charAt(meter: Meter, text: string, at: unknown): Work<string> {
  requireTexts(text);
  const points = yield* CodePoints.of(meter, text);
  const start = position(at, points.length);
  return yield* points.slice(start, Math.min(start + 1, points.length));
}

function* substring(meter: Meter, text: string, from: unknown, to: unknown): Work<string> {
  requireTexts(text);
  const points = yield* CodePoints.of(meter, text);
  const end = to === undefined ? points.length : position(to, points.length);
  const start = position(from, points.length);
  if (start > end) throw outOfRange(start, end);
  const slice = yield* points.slice(start, end);
  meter.make(textBytes(slice.length));
  return slice;
}

function* replace(
  meter: Meter,
  text: string,
  from: string,
  to: string,
  limit: unknown,
): Work<string> {
  requireTexts(text, from, to);
  const given = limit === undefined ? -1 : whole(limit);
  const most = given < 0 ? Infinity : given;
  if (from === "") return yield* insert(meter, text, to, Math.min(most, text.length + 1));
  const places = yield* occurrences(meter, text, from, most);
  const result = new JoinedText(meter, text.length + places.length * to.length);
  let end = 0;
  for (const place of places) {
    if (result.add(text.slice(end, place), to)) yield;
    end = place + from.length;
  }
  return result.end(text.slice(end));
}

/** Inserts a text before each code point, and at the end. */
function* insert(meter: Meter, text: string, added: string, count: number): Work<string> {
  const result = new JoinedText(meter, text.length + count * added.length);
  let left = count;
  for (const point of text) {
    if (left-- > 0 ? result.add(added, point) : result.add(point)) yield;
  }
  return result.end(left > 0 ? added : "");
}

function* join(meter: Meter, list: unknown, separator: unknown = ""): Work<string> {
  if (!Array.isArray(list) || typeof separator !== "string") throw noOverload(list, separator);
  const visits = new Visits(meter);
  let length = 0;
  for (const each of list) {
    if (typeof each !== "string") throw noOverload(list);
    length += each.length + separator.length;
    if (visits.add()) yield;
  }
  visits.end();
  const result = new JoinedText(meter, length);
  for (let i = 0; i < list.length; i++) {
    if (i === 0 ? result.add(list[i]) : result.add(separator, list[i])) yield;
  }
  return result.end();
}

export const TEXTS = {
  contains: longOperator(contains),
  startsWith: ofSlice((text, length) => text.slice(0, length)),
  endsWith: ofSlice((text, length) => text.slice(text.length - length)),
  ...LETTERS,
  charAt: longOperator(charAt),
  indexOf: longOperator(indexOf),
  lastIndexOf: longOperator(lastIndexOf),
  substring: longOperator(substring),
  replace: longOperator(replace),
  join: longOperator(join),
  split: longOperator(split),
};
