import fc from "fast-check";
import { expect, test } from "vitest";
import { APPLY } from "../src/operators/table.ts";
import { UNITS_AT_ONCE } from "../src/values/meter.ts";
import { finish, Unfinished } from "../src/values/work.ts";

/** A meter that makes work yield wherever it can. */
const METER = { isDue: true, spend() {}, make() {} };

function apply(name: keyof typeof APPLY, ...args: unknown[]): unknown {
  const result = APPLY[name](METER, ...args);
  return result instanceof Unfinished ? finish(result.work) : result;
}

/** Texts of several parts, with surrogates where parts end. */
const long = fc
  .tuple(
    fc.integer({ min: UNITS_AT_ONCE - 4, max: UNITS_AT_ONCE + 4 }),
    fc.string({
      unit: fc.constantFrom("a", "B", " ", "é", "😀", "\ud83d", "\ude00"),
      minLength: 1,
    }),
    fc.nat(3),
  )
  .map(([length, end, times]) => `${"x".repeat(length)}${end}`.repeat(times) + end);

const needle = fc.string({ unit: fc.constantFrom("a", "B", "x", "😀", "\ude00"), maxLength: 3 });
const runs = { numRuns: 60 };

const points = (text: string) => Array.from(text);

test("long texts give the same as JavaScript's methods", () => {
  fc.assert(
    fc.property(long, needle, needle, fc.nat(5), (text, part, to, limit) => {
      const all = points(text);
      expect(apply("size", text)).toBe(all.length);
      const middle = Math.floor(all.length / 2);
      expect(apply("charAt", text, middle)).toBe(all[middle] ?? "");
      expect(apply("substring", text, middle, all.length)).toBe(all.slice(middle).join(""));
      expect(apply("contains", text, part)).toBe(text.includes(part));
      expect(apply("startsWith", text, text.slice(0, -1))).toBe(true);
      expect(apply("endsWith", text, text.slice(1))).toBe(true);
      expect(apply("startsWith", text, part)).toBe(text.startsWith(part));
      expect(apply("endsWith", text, part)).toBe(text.endsWith(part));
      const first = text.indexOf(part);
      expect(apply("indexOf", text, part)).toBe(
        first < 0 ? -1 : points(text.slice(0, first)).length,
      );
      const last = text.lastIndexOf(part);
      expect(apply("lastIndexOf", text, part)).toBe(
        last < 0 ? -1 : points(text.slice(0, last)).length,
      );
      if (part !== "") {
        expect(apply("split", text, part)).toEqual(text.split(part));
        expect(apply("replace", text, part, to)).toBe(text.replaceAll(part, () => to));
      }
      expect(apply("split", text, "")).toEqual(all);
      const few =
        all.length <= limit ? all : [...all.slice(0, limit - 1), all.slice(limit - 1).join("")];
      expect(apply("split", text, "", limit)).toEqual(limit === 0 ? [] : few);
      expect(apply("replace", text, "", to)).toBe(all.map((each) => to + each).join("") + to);
      expect(apply("replace", text, "", to, limit)).toBe(
        all.map((each, i) => (i < limit ? to + each : each)).join("") +
          (limit > all.length ? to : ""),
      );
      expect(apply("join", all, part)).toBe(all.join(part));
      expect(apply("lowerAscii", text)).toBe(text.replaceAll("B", "b"));
      expect(apply("upperAscii", text)).toBe(text.replace(/[ax]/g, (each) => each.toUpperCase()));
      const padded = `${" ".repeat(middle)}${text}${" ".repeat(middle)}`;
      expect(apply("trim", padded)).toBe(text.trim());
      const encoded = new TextEncoder().encode(text);
      expect(apply("bytes", text)).toEqual(encoded);
      expect(apply("string", encoded)).toBe(new TextDecoder().decode(encoded));
      expect(apply("lt", text, `${text}a`)).toBe(true);
      expect(apply("gt", `${text}b`, `${text}a`)).toBe(true);
      expect(apply("lt", encoded, new Uint8Array([...encoded, 1]))).toBe(true);
      expect(apply("eq", [text, [encoded]], [text, [encoded.slice()]])).toBe(true);
      expect(apply("ne", [text], [`${text}a`])).toBe(true);
    }),
    runs,
  );
});

test("long lists give the same as JavaScript's methods", () => {
  const element = fc.oneof(fc.nat(3), fc.constantFrom("a", "b", null), fc.tuple(fc.nat(2)));
  const list = fc
    .tuple(fc.array(element, { minLength: 1 }), fc.integer({ min: 100, max: 300 }))
    .map(([some, times]) => Array.from({ length: times }, () => some).flat());
  fc.assert(
    fc.property(list, element, (all, some) => {
      const keys = all.map((each) => JSON.stringify(each));
      expect(apply("flatten", all)).toEqual(all.flat());
      expect(apply("distinct", all)).toEqual(all.filter((_, i) => keys.indexOf(keys[i]!) === i));
      expect(apply("in", some, all)).toBe(keys.includes(JSON.stringify(some)));
      expect(apply("eq", all, structuredClone(all))).toBe(true);
      expect(apply("eq", all, [...all.slice(1), "other"])).toBe(false);
      expect(apply("range", all.length)).toEqual(all.map((_, i) => i));
    }),
    runs,
  );
});
