import { unknownExpression } from "../errors.ts";
import type { ValueType } from "../value-type.ts";
import { runtimeClass } from "./runtime-classes.ts";

const urls = runtimeClass<URL, [string]>("URL");
const headers = runtimeClass<Headers, [HeaderList]>("Headers");

export type HeaderList = [name: string, value: string][];

export const urlType: ValueType<URL> = {
  kind: "URL",
  tags: ["url"],
  prototypes: urls.prototypes,
  encode: (value) => ["url", value.href],
  decode(expression) {
    const href = expression[1];
    if (typeof href !== "string") throw unknownExpression(expression);
    return orUnknown(expression, () => urls.create(href));
  },
};

export const headersType: ValueType<Headers> = {
  kind: "Headers",
  tags: ["headers"],
  prototypes: headers.prototypes,
  encode: (value) => ["headers", [...value]],
  decode(expression) {
    const list = expression[1];
    if (!isHeaderList(list)) throw unknownExpression(expression);
    return orUnknown(expression, () => headers.create(list));
  },
};

export function isHeaderList(list: unknown): list is HeaderList {
  return (
    Array.isArray(list) &&
    list.every(
      (pair) =>
        Array.isArray(pair) &&
        pair.length === 2 &&
        typeof pair[0] === "string" &&
        typeof pair[1] === "string",
    )
  );
}

/** Runs a constructor of the platform on operands from a peer, which it may refuse in its own way. */
export function orUnknown<T>(expression: unknown, construct: () => T): T {
  try {
    return construct();
  } catch (cause) {
    throw unknownExpression(expression, { cause });
  }
}
