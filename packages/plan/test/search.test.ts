import fc from "fast-check";
import { expect, test } from "vitest";
import { findFirst, findLast, occurrences } from "../src/operators/search.ts";
import { finish } from "../src/values/work.ts";

const METER = { isDue: true, spend() {}, make() {} };

/** Texts that repeat themselves, and parts that almost stand in them. */
const periodic = fc
  .tuple(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 6 }), fc.nat(30), fc.string())
  .map(([period, times, end]) => period.repeat(times) + end);

test("parts are found where the engine finds them", () => {
  const position = fc.nat(200);
  fc.assert(
    fc.property(periodic, periodic, position, position, (text, piece, from, cut) => {
      const part = text.slice(cut, cut + 40) + piece.slice(0, cut % 20);
      expect(finish(findFirst(METER, text, part, Math.min(from, text.length)))).toBe(
        text.indexOf(part, from),
      );
      expect(finish(findLast(METER, text, part, from))).toBe(text.lastIndexOf(part, from));
      if (part === "") return;
      const starts = finish(occurrences(METER, text, part, Infinity));
      expect(starts).toHaveLength(text.split(part).length - 1);
      expect(starts.every((start) => text.startsWith(part, start))).toBe(true);
    }),
  );
});
