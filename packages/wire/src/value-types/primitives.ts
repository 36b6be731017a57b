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
    const DIGITS_OF_64_BITS = 19;
    if (BigInt.asIntN(64, value) === value && maxBigIntDigits >= DIGITS_OF_64_BITS) return;
    const most = firstWithMore(maxBigIntDigits);
    if (most !== undefined && (value >= most || -value >= most)) {
      throw tooManyDigits(maxBigIntDigits);
    }
  },
  encode(value, cx) {
    const digits = `${value}`;
    cx.measure?.(effortOf(digits));
    return ["bigint", digits];
  },
  decode(expression, cx) {
    const { maxBigIntDigits } = cx.limits;
    const [, digits] = expression;
    // Checked first, because parsing takes more than linear time.
    if (digits.length > maxBigIntDigits) throw tooManyDigits(maxBigIntDigits);
    cx.measure?.(effortOf(digits));
    // Long ones count more: a message of allowed size could have too many of them.
    cx.count?.(Math.floor(digits.length ** 2 / 32_768));
    return orUnknown(expression, () => BigInt(digits));
  },
};

/** The last power of ten. Computing one takes as long as thousands of comparisons. */
let power: { readonly digits: number; readonly value: bigint } | undefined;

/** The smallest `bigint` with more than so many digits. `undefined` if no engine has one. */
function firstWithMore(digits: number): bigint | undefined {
  // More digits than a `bigint` of any engine has.
  const MOST_DIGITS = 500_000_000;
  if (digits > MOST_DIGITS) return undefined;
  if (power?.digits !== digits) power = { digits, value: 10n ** BigInt(Math.floor(digits)) };
  return power.value;
}

/**
 * The length of a text that takes as long as these digits. Their time grows with the square of
 * their number: 16,384 digits take a millisecond.
 */
function effortOf(digits: string): number {
  return Math.floor(digits.length ** 2 / 256);
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
  memory: () => 768,
  operands: [(time): time is number | null => time === null || isNumber(time)],
  prototypes: [Date.prototype],
  nativeFrom: "structuredClonable",
  encode(value) {
    const time = value.getTime();
    return ["date", Number.isFinite(time) ? time : null];
  },
  decode: ([, time]) => new Date(time ?? NaN),
};
