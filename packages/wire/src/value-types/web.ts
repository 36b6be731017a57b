import { unknownExpression } from "../errors.ts";
import { isString } from "../operands.ts";
import {
  DEFAULT_MEMORY,
  type DecodeContext,
  type EncodeContext,
  type ValueType,
} from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

const urls = runtimeClass<URL, [string]>("URL");
const headers = runtimeClass<Headers, [HeaderList]>("Headers");

export type HeaderList = [name: string, value: string][];

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

export const headersType: ValueType<Headers, [list: HeaderList]> = {
  ...headers.claim,
  tags: ["headers"],
  weight: 64,
  operands: [isHeaderList],
  encode(value, cx) {
    const list = [...value] as HeaderList;
    measureHeaders(list, cx);
    return ["headers", list];
  },
  decode(expression, cx) {
    const list = expression[1];
    countHeaders(list, cx);
    return headers.create(expression, list);
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

export function countHeaders(list: HeaderList, cx: DecodeContext): void {
  // Values that a header counts as. `Headers` keeps it in a map, and sorts.
  const HEADER_WEIGHT = 16;
  cx.count?.(HEADER_WEIGHT * list.length);
}

/** Counts headers that are sent. They are sorted first, and each becomes a list. */
export function measureHeaders(list: HeaderList, cx: EncodeContext): void {
  // Code units that a header counts as, besides its text.
  const HEADER_LENGTH = 512;
  if (!cx.measure) return;
  let length = 0;
  for (const [name, value] of list) length += HEADER_LENGTH + name.length + value.length;
  cx.measure(length);
}

export function isHeaderList(list: unknown): list is HeaderList {
  return (
    Array.isArray(list) &&
    list.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isString))
  );
}
