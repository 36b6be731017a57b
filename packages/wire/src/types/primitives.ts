import { LimitError, unknownExpression } from "../errors.ts";
import type { ValueType } from "../value-type.ts";

export const undefinedType: ValueType<undefined> = {
  kind: "undefined",
  tags: ["undefined"],
  primitives: ["undefined"],
  nativeFrom: "structuredClonable",
  encode: () => ["undefined"],
  decode: () => undefined,
};

const NON_FINITE: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};

/** The numbers that JSON doesn't have. */
export const nonFiniteType: ValueType<number> = {
  kind: "number",
  tags: ["inf", "-inf", "nan"],
  primitives: ["number"],
  nativeFrom: "structuredClonable",
  encode: (value) => [Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf"],
  decode: ([tag]) => NON_FINITE[tag],
};

export const bigintType: ValueType<bigint> = {
  kind: "bigint",
  tags: ["bigint"],
  primitives: ["bigint"],
  nativeFrom: "structuredClonable",
  checkNative(value, { maxBigIntDigits }) {
    const most = 10n ** BigInt(maxBigIntDigits);
    if (value >= most || -value >= most) throw LimitError.bigIntDigits(maxBigIntDigits);
  },
  encode: (value) => ["bigint", value.toString()],
  decode(expression, { limits }) {
    const digits = expression[1];
    if (typeof digits !== "string") throw unknownExpression(expression);
    // Looked at first: parsing costs more than linear time.
    if (digits.length > limits.maxBigIntDigits) {
      throw LimitError.bigIntDigits(limits.maxBigIntDigits);
    }
    try {
      return BigInt(digits);
    } catch (cause) {
      throw unknownExpression(expression, { cause });
    }
  },
};

export const dateType: ValueType<Date> = {
  kind: "Date",
  tags: ["date"],
  prototypes: [Date.prototype],
  nativeFrom: "structuredClonable",
  encode(value) {
    const time = value.getTime();
    return ["date", Number.isNaN(time) ? null : time];
  },
  decode(expression) {
    const time = expression[1];
    if (time === null) return new Date(Number.NaN);
    if (typeof time !== "number") throw unknownExpression(expression);
    return new Date(time);
  },
};
