import { noOverload, OperatorFailure } from "./operator.ts";

/** Reads a position or count: an int, or a double that is whole. */
export function whole(value: unknown, ...args: readonly unknown[]): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw noOverload(...args, value);
}

/** Reads a position from 0 to `length`. */
export function position(value: unknown, length: number): number {
  const at = whole(value);
  if (at >= 0 && at <= length) return at;
  throw outOfRange(at, length);
}

export function outOfRange(at: number, length: number): OperatorFailure {
  return new OperatorFailure("PLAN_INDEX", `has no position ${at} in a length of ${length}.`);
}
