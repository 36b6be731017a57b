import { unknownExpression } from "../errors.ts";
import { isString } from "../operands.ts";
import { DEFAULT_MEMORY, type ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

const urls = runtimeClass<URL, [string]>("URL");

export const urlType: ValueType<URL, [href: string]> = {
  ...urls.claim,
  tags: ["url"],
  weight: 32,
  memory: (value) => DEFAULT_MEMORY + value.href.length,
  operands: [isString],
  encode: (value) => ["url", value.href],
  decode(expression, cx) {
    checkUrl(expression[1]);
    cx.measure?.(expression[1].length);
    return urls.create(expression, expression[1]);
  },
};

/**
 * Refuses a long URL with characters other than those of ASCII. No session sends one, and parsing a
 * host with them takes quadratic time: seconds for 40,000.
 *
 * @throws ExpressionError
 */
export function checkUrl(url: string): void {
  // Longest URL that may have characters other than those of ASCII, in UTF-16 code units.
  const LONGEST_FOREIGN = 2_048;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
  if (url.length > LONGEST_FOREIGN && /[^\x00-\x7f]/.test(url)) {
    throw unknownExpression("a URL of more than 2,048 code units that isn't ASCII");
  }
}
