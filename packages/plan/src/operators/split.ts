import { type Meter, Visits, visit } from "../values/meter.ts";
import { CONTAINER_BYTES, MEMBER_BYTES, textBytes } from "../values/sizes.ts";
import type { Work } from "../values/work.ts";
import { byPieces } from "./code-points.ts";
import { requireTexts } from "./operator.ts";
import { whole } from "./position.ts";
import { occurrences } from "./search.ts";

export function* split(
  meter: Meter,
  text: string,
  separator: string,
  limit: unknown,
): Work<string[]> {
  requireTexts(text, separator);
  const given = limit === undefined ? -1 : whole(limit);
  if (given === 0) return [];
  const most = given < 0 ? Infinity : given;
  if (separator === "") return yield* splitPoints(meter, text, most);
  const places = yield* occurrences(meter, text, separator, most - 1);
  makePieces(meter, text, places.length + 1);
  const visits = new Visits(meter);
  const pieces: string[] = [];
  let from = 0;
  for (const place of places) {
    pieces.push(text.slice(from, place));
    from = place + separator.length;
    if (visits.add()) yield;
  }
  visits.end();
  pieces.push(text.slice(from));
  return pieces;
}

/** Splits a text into its code points, at most `most` pieces; the last one has the rest. */
function* splitPoints(meter: Meter, text: string, most: number): Work<string[]> {
  // Counted before the list is made.
  makePieces(meter, text, Math.min(most, text.length));
  const pieces: string[] = [];
  let from = 0;
  yield* byPieces(meter, text, (piece) => {
    visit(meter, piece.length);
    for (const each of piece) {
      if (pieces.length === most - 1) return true;
      pieces.push(each);
      from += each.length;
    }
    return false;
  });
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

function makePieces(meter: Meter, text: string, count: number): void {
  meter.make(CONTAINER_BYTES + (MEMBER_BYTES + textBytes(0)) * count + 2 * text.length);
}
