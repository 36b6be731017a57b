/** Says whether what was received in an operand's place is one. */
export type Operand<T = unknown> = (value: unknown) => value is T;

export const isString = (value: unknown): value is string => typeof value === "string";
export const isNumber = (value: unknown): value is number => typeof value === "number";

/** Any expression; where values stay native, `undefined` as well. */
export const isExpression = (value: unknown): value is unknown => true;

/** Looks at an operand that may be missing with `accepts`. */
export const optional =
  <T>(accepts: Operand<T>): Operand<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || accepts(value);

/** An object that is no list. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether what follows the tag in a received tree is what `operands` say. More may follow. */
export function hasOperands(tree: readonly unknown[], operands: readonly Operand[] = []): boolean {
  for (let i = 0; i < operands.length; i++) {
    if (!operands[i]!(tree[i + 1])) return false;
  }
  return true;
}

/** Whether a value is one that JSON has, and no container. */
export const isScalar = (value: unknown): boolean =>
  typeof value === "string" ||
  typeof value === "boolean" ||
  value === null ||
  Number.isFinite(value);
