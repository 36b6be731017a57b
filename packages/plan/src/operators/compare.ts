import { isMap } from "../values/kinds.ts";
import { type Meter, scan, UNITS_AT_ONCE, Visits } from "../values/meter.ts";
import { begin, type Work } from "../values/work.ts";
import { equalAtOnce, equality, isNumeric, order, sameness } from "./equality.ts";
import { kindOf } from "./kind.ts";
import { type Apply, longOperator, noOverload, operator } from "./operator.ts";

/** Comparisons as CEL has them. */

/** Below 0 if `a` is before `b`; NaN if neither is. */
function compare(meter: Meter, a: unknown, b: unknown): number {
  if (typeof a === "bigint" && typeof b === "bigint") return orderOfNumbers(a, b);
  // In CEL, the order of an int and a double is that of doubles.
  if (isNumeric(a) && isNumeric(b)) return orderOfNumbers(Number(a), Number(b));
  if (typeof a === "string" && typeof b === "string") return orderOfTexts(meter, a, b);
  const kind = kindOf(a);
  if (kind !== kindOf(b)) throw noOverload(a, b);
  if (kind === "bool") return Number(a) - Number(b);
  if (kind === "timestamp") return (a as Date).getTime() - (b as Date).getTime();
  throw noOverload(a, b);
}

export function orderOfNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // biome-ignore lint/suspicious/noDoubleEquals: an int and a double, compared exactly
  return a == b ? 0 : Number.NaN;
}

/** Orders texts by code points. JavaScript orders them by code units. */
function orderOfTexts(meter: Meter, a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  scan(meter, shorter);
  let i = 0;
  // The engine compares slices many times faster than a loop does units.
  while (i < shorter && a.slice(i, i + UNITS_AT_ONCE) === b.slice(i, i + UNITS_AT_ONCE)) {
    i += UNITS_AT_ONCE;
  }
  while (i < shorter && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i >= shorter) return a.length - b.length;
  return aboveSurrogates(a.charCodeAt(i)) - aboveSurrogates(b.charCodeAt(i));
}

const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/** Moves surrogates above all other code units, where the code points that they encode are. */
function aboveSurrogates(unit: number): number {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit;
}

/** An operator that looks at the order of two values. */
function ofOrder(test: (order: number) => boolean): Apply {
  return operator((meter, a, b) =>
    a instanceof Uint8Array && b instanceof Uint8Array
      ? begin(testOrder(meter, a, b, test))
      : test(compare(meter, a, b)),
  );
}

function* testOrder(
  meter: Meter,
  a: Uint8Array,
  b: Uint8Array,
  test: (order: number) => boolean,
): Work<boolean> {
  return test(yield* order(meter, a, b));
}

function* inequality(meter: Meter, a: unknown, b: unknown): Work<boolean> {
  return !(yield* equality(meter, a, b));
}

function* membership(meter: Meter, element: unknown, container: unknown): Work<boolean> {
  if (!Array.isArray(container)) {
    if (isMap(container) && typeof element === "string") return Object.hasOwn(container, element);
    throw noOverload(element, container);
  }
  return yield* isAmong(meter, container, element, new Visits(meter));
}

/** True if a value is the same as an element of a list. */
export function* isAmong(
  meter: Meter,
  list: readonly unknown[],
  value: unknown,
  visits: Visits,
): Work<boolean> {
  for (const each of list) {
    if (yield* sameness(meter, each, value)) return true;
    if (visits.add()) yield;
  }
  visits.end();
  return false;
}

export const COMPARISONS = {
  eq: operator((meter, a, b) => equalAtOnce(meter, a, b) ?? begin(equality(meter, a, b))),
  ne: longOperator(inequality),
  lt: ofOrder((order) => order < 0),
  le: ofOrder((order) => order <= 0),
  gt: ofOrder((order) => order > 0),
  ge: ofOrder((order) => order >= 0),
  in: longOperator(membership),
};
