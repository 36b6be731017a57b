import { value, variable } from "../vector.ts";

/** A step over a list, by default 1 to 3, whose result is 9. */
export const each = (
  statement: string,
  body: readonly object[],
  rest: object,
  ...over: readonly unknown[]
) => ({
  [statement]: {
    over: value(over.length > 0 ? over[0] : [1, 2, 3]),
    as: "x",
    body,
    ...rest,
    result: 9,
  },
});
/** The element. */
export const x = variable("x");
