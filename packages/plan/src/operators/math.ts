import { int64 } from "./arithmetic.ts";
import { orderOfNumbers } from "./compare.ts";
import { isNumeric } from "./equality.ts";
import { noOverload, operator } from "./operator.ts";

/** CEL's extension for mathematics. */

/** The first argument that no other is before, or after. */
function extreme(sign: 1 | -1) {
  return operator((_meter, ...args) => {
    if (!args.every(isNumeric)) throw noOverload(...args);
    return args.reduce((best, each) => (orderOfNumbers(each, best) * sign < 0 ? each : best));
  });
}

function ofDouble(compute: (value: number) => unknown) {
  return operator((_meter, value) => {
    if (typeof value === "number") return compute(value);
    throw noOverload(value);
  });
}

export const MATH = {
  least: extreme(1),
  greatest: extreme(-1),
  abs: operator((_meter, value) => {
    if (typeof value === "number") return Math.abs(value);
    if (typeof value === "bigint") return int64(value < 0n ? -value : value);
    throw noOverload(value);
  }),
  sign: operator((_meter, value) => {
    if (typeof value === "number") return Math.sign(value);
    if (typeof value === "bigint") return value > 0n ? 1n : value < 0n ? -1n : 0n;
    throw noOverload(value);
  }),
  ceil: ofDouble(Math.ceil),
  floor: ofDouble(Math.floor),
  trunc: ofDouble(Math.trunc),
  // Away from zero, as in CEL.
  round: ofDouble((value) => Math.sign(value) * Math.round(Math.abs(value))),
  isNaN: ofDouble(Number.isNaN),
  isInf: ofDouble((value) => Math.abs(value) === Infinity),
  isFinite: ofDouble(Number.isFinite),
};
