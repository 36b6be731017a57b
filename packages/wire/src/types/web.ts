import { isString } from "../operands.ts";
import type { ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

const urls = runtimeClass<URL, [string]>("URL");
const headers = runtimeClass<Headers, [HeaderList]>("Headers");

export type HeaderList = [name: string, value: string][];

export const urlType: ValueType<URL, [href: string]> = {
  ...urls.claim,
  tags: ["url"],
  operands: [isString],
  encode: (value) => ["url", value.href],
  decode: (expression) => urls.create(expression, expression[1]),
};

export const headersType: ValueType<Headers, [list: HeaderList]> = {
  ...headers.claim,
  tags: ["headers"],
  operands: [isHeaderList],
  encode: (value) => ["headers", [...value]],
  decode: (expression) => headers.create(expression, expression[1]),
};

export function isHeaderList(list: unknown): list is HeaderList {
  return (
    Array.isArray(list) &&
    list.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isString))
  );
}
