import { isObject } from "./objects.ts";

/** Checks an operand that was received. */
export type Operand<T = unknown> = (value: unknown) => value is T;

export const isString = (value: unknown): value is string => typeof value === "string";
export const isNumber = (value: unknown): value is number => typeof value === "number";

/** Accepts any expression. If values stay native, `undefined` is one. */
export const isExpression = (value: unknown): value is unknown => true;

/** Accepts a missing operand, and those that `accepts` accepts. */
export const optional =
  <T>(accepts: Operand<T>): Operand<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || accepts(value);

/** Accepts an object that isn't a list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !Array.isArray(value);

/** True if the elements after a tree's tag are accepted by `operands`. More may follow. */
export function hasOperands(tree: readonly unknown[], operands: readonly Operand[] = []): boolean {
  for (let i = 0; i < operands.length; i++) {
    if (!operands[i]!(tree[i + 1])) return false;
  }
  return true;
}

/** True if a value is a scalar of JSON. */
export const isScalar = (value: unknown): boolean =>
  typeof value === "string" ||
  typeof value === "boolean" ||
  value === null ||
  Number.isFinite(value);
