import { isString } from "../operands.ts";
import type { DecodeContext, ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

const urls = runtimeClass<URL, [string]>("URL");
const headers = runtimeClass<Headers, [HeaderList]>("Headers");

export type HeaderList = [name: string, value: string][];

export const urlType: ValueType<URL, [href: string]> = {
  ...urls.claim,
  tags: ["url"],
  weight: 32,
  operands: [isString],
  encode: (value) => ["url", value.href],
  decode: (expression) => urls.create(expression, expression[1]),
};

export const headersType: ValueType<Headers, [list: HeaderList]> = {
  ...headers.claim,
  tags: ["headers"],
  weight: 64,
  operands: [isHeaderList],
  encode: (value) => ["headers", [...value]],
  decode(expression, cx) {
    const list = expression[1];
    countHeaders(list, cx);
    return headers.create(expression, list);
  },
};

/** As how many values a header counts: `Headers` keeps it in a map, and sorts. */
const HEADER_WEIGHT = 16;

export function countHeaders(list: HeaderList, cx: DecodeContext): void {
  cx.count?.(HEADER_WEIGHT * list.length);
}

export function isHeaderList(list: unknown): list is HeaderList {
  return (
    Array.isArray(list) &&
    list.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isString))
  );
}
