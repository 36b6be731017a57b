/** A wrong use of the command line. */
export class UsageError extends Error {
  readonly code = "USAGE";
}

/**
 * The number that an option was given.
 *
 * @throws UsageError if it is none, or less than `least`
 */
export function numberOf(option: string, text: string, least: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= least && Number.isFinite(value)) return value;
  throw new UsageError(`${option} takes a number of at least ${least}, not "${text}".`);
}

/**
 * The count that an option was given.
 *
 * @throws UsageError if it is no whole number of at least one
 */
export function countOf(option: string, text: string): number {
  const value = numberOf(option, text, 1);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`${option} takes a whole number, not "${text}".`);
}

/**
 * The choice that an option was given.
 *
 * @throws UsageError if it is none of them
 */
export function oneOf<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option} takes one of ${choices.join(", ")}, not "${text}".`);
}
