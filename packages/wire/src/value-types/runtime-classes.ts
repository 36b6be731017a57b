import { ExpressionError, unknownExpression } from "../errors.ts";

interface Class<T, A extends unknown[]> {
  readonly prototype: object;
  new (...args: A): T;
}

/**
 * A class of the web platform that a runtime may lack. Its tags are known all the same, so that a
 * value that arrives there is an error with the name of the class.
 */
export function runtimeClass<T, A extends unknown[]>(name: string) {
  const found = (globalThis as Record<string, unknown>)[name] as Class<T, A> | undefined;
  return {
    /** The claim of a row to its instances. */
    claim: { kind: name, prototypes: found ? [found.prototype] : [] },
    /**
     * @param expression the source of the arguments, for the error if the class refuses them
     * @throws ExpressionError if it does, or if the runtime has no such class
     */
    create(expression: unknown, ...args: A): T {
      if (!found) throw lacking(name);
      return orUnknown(expression, () => new found(...args));
    },
  };
}

/**
 * Checks that the runtime has a class, before code uses it.
 *
 * @throws ExpressionError if it has none
 */
export function requireClass(name: string): void {
  if (!(name in globalThis)) throw lacking(name);
}

/** The error for a part of the web platform that the runtime lacks. */
export function lacking(name: string): ExpressionError {
  return new ExpressionError(`This runtime has no ${name}. Load a polyfill before @capnweb/core.`);
}

/**
 * Has the platform make a value of a peer's operands.
 *
 * @throws ExpressionError if the platform refuses them
 */
export function orUnknown<T>(expression: unknown, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw unknownExpression(expression, { cause });
  }
}
