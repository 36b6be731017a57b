import { ExpressionError, unknownExpression } from "../errors.ts";

interface Class<T, A extends unknown[]> {
  readonly prototype: object;
  new (...args: A): T;
}

/**
 * A class of the web platform that a runtime may lack. Its tags are known all the same: a value of
 * it that arrives there is an error that says what is missing.
 */
export function runtimeClass<T, A extends unknown[]>(name: string) {
  const found = (globalThis as Record<string, unknown>)[name] as Class<T, A> | undefined;
  return {
    /** How a row of the table claims its instances. */
    claim: { kind: name, prototypes: found ? [found.prototype] : [] },
    /** @param expression what the arguments come from: the class may refuse them in its own way */
    create(expression: unknown, ...args: A): T {
      if (!found) {
        throw new ExpressionError(`This runtime has no ${name}.`);
      }
      return orUnknown(expression, () => new found(...args));
    },
  };
}

/** Has the platform make a value of a peer's operands, which it may refuse in its own way. */
export function orUnknown<T>(expression: unknown, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw unknownExpression(expression, { cause });
  }
}
