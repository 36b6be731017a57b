import { isString } from "../operands.ts";
import type { DecodeContext, EncodeContext, ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

const headers = runtimeClass<Headers, [HeaderList]>("Headers");

export type HeaderList = [name: string, value: string][];

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
