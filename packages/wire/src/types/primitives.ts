import { LimitError } from "../errors.ts";
import { isNumber, isString } from "../operands.ts";
import type { ValueType } from "../value-type.ts";
import { orUnknown } from "./runtime-classes.ts";

export const undefinedType: ValueType<undefined> = {
  kind: "undefined",
  tags: ["undefined"],
  primitives: ["undefined"],
  nativeFrom: "structuredClonable",
  encode: () => ["undefined"],
  decode: () => undefined,
};

/** The numbers that JSON doesn't have. */
const NON_FINITE: Readonly<Record<string, number>> = {
  inf: Infinity,
  "-inf": -Infinity,
  nan: NaN,
};

export const nonFiniteType: ValueType<number> = {
  kind: "number",
  tags: Object.keys(NON_FINITE),
  primitives: ["number"],
  nativeFrom: "structuredClonable",
  encode: (value) => [value > 0 ? "inf" : value < 0 ? "-inf" : "nan"],
  decode: ([tag]) => NON_FINITE[tag],
};

export const bigintType: ValueType<bigint, [digits: string]> = {
  kind: "bigint",
  tags: ["bigint"],
  operands: [isString],
  primitives: ["bigint"],
  nativeFrom: "structuredClonable",
  checkNative(value, { maxBigIntDigits }) {
    if (!Number.isFinite(maxBigIntDigits)) return;
    const { least, most } = rangeOf(maxBigIntDigits);
    if (value < least || value > most) throw tooManyDigits(maxBigIntDigits);
  },
  encode(value, cx) {
    const digits = `${value}`;
    cx.measure?.(effortOf(digits));
    return ["bigint", digits];
  },
  decode(expression, cx) {
    const { maxBigIntDigits } = cx.limits;
    const [, digits] = expression;
    // Looked at first: parsing costs more than linear time.
    if (digits.length > maxBigIntDigits) throw tooManyDigits(maxBigIntDigits);
    cx.measure?.(effortOf(digits));
    // In a message, they are as many as its size allows; that would be too many long ones.
    cx.count?.(Math.floor(digits.length ** 2 / 32_768));
    return orUnknown(expression, () => BigInt(digits));
  },
};

/**
 * The length of a text that takes as long as these digits do. Their time grows with the square of
 * their number: 16,384 take a millisecond.
 */
function effortOf(digits: string): number {
  return Math.floor(digits.length ** 2 / 256);
}

interface Range {
  readonly least: bigint;
  readonly most: bigint;
}

/**
 * The numbers that have so many digits at most, by that limit: few programs have more than one. For
 * 16,384 digits, the power takes 0.1 ms, and a message may have a million bigints.
 */
const ranges = new Map<number, Range>();

function rangeOf(digits: number): Range {
  let range = ranges.get(digits);
  if (!range) {
    const most = 10n ** BigInt(Math.floor(digits)) - 1n;
    range = { least: -most, most };
    ranges.set(digits, range);
  }
  return range;
}

function tooManyDigits(allowed: number): LimitError {
  return new LimitError(
    `Deserialized bigint exceeds maximum length of ${allowed} digits.`,
    "maxBigIntDigits",
  );
}

export const dateType: ValueType<Date, [time: number | null]> = {
  kind: "Date",
  tags: ["date"],
  weight: 8,
  operands: [(time): time is number | null => time === null || isNumber(time)],
  prototypes: [Date.prototype],
  nativeFrom: "structuredClonable",
  encode(value) {
    const time = value.getTime();
    return ["date", Number.isFinite(time) ? time : null];
  },
  decode: ([, time]) => new Date(time ?? NaN),
};
