import { ExpressionError } from "../errors.ts";

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
    prototypes: typeof found === "function" ? [found.prototype] : [],
    create(...args: A): T {
      if (typeof found !== "function") {
        throw new ExpressionError(`A ${name} was received, but this runtime has no such class.`);
      }
      return new found(...args);
    },
  };
}
