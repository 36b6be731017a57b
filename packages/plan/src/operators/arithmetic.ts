import { type Meter, scan } from "../values/meter.ts";
import { textBytes } from "../values/sizes.ts";
import { begin, type Unfinished } from "../values/work.ts";
import { joinBytes } from "./bytes.ts";
import { makeList } from "./make-list.ts";
import { noOverload, OperatorFailure, operator } from "./operator.ts";

const INT64 = 64;

/** Checks that an integer fits into 64 bits, as CEL demands. */
export function int64(value: bigint): bigint {
  if (BigInt.asIntN(INT64, value) === value) return value;
  throw new OperatorFailure("PLAN_OVERFLOW", "has a result that doesn't fit into 64 bits.");
}

/** Computes with two integers or two doubles. */
function arithmetic(
  ofInts: (a: bigint, b: bigint) => bigint,
  ofDoubles: (a: number, b: number) => number,
) {
  return operator((_meter, a, b) => {
    if (typeof a === "number" && typeof b === "number") return ofDoubles(a, b);
    if (typeof a === "bigint" && typeof b === "bigint") return int64(ofInts(int64(a), int64(b)));
    throw noOverload(a, b);
  });
}

function nonZero(divisor: bigint): bigint {
  if (divisor !== 0n) return divisor;
  throw new OperatorFailure("PLAN_DIVISION", "divides by zero.");
}

function add(meter: Meter, a: unknown, b: unknown): unknown {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") {
    meter.make(textBytes(a.length + b.length));
    // The engine copies the texts when an operator first reads the sum, all at once.
    scan(meter, a.length + b.length);
    return a + b;
  }
  if (typeof a === "bigint" && typeof b === "bigint") return int64(int64(a) + int64(b));
  if (Array.isArray(a) && Array.isArray(b)) return addLists(meter, a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return begin(joinBytes(meter, [a, b]));
  throw noOverload(a, b);
}

function addLists(
  meter: Meter,
  a: readonly unknown[],
  b: readonly unknown[],
): unknown[] | Unfinished<unknown[]> {
  const elementAt = (i: number) => (i < a.length ? a[i] : b[i - a.length]);
  return begin(makeList(meter, a.length + b.length, elementAt));
}

export const ARITHMETIC = {
  add: operator(add),
  sub: arithmetic(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  mul: arithmetic(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  div: arithmetic(
    (a, b) => a / nonZero(b),
    (a, b) => a / b,
  ),
  mod: arithmetic(
    (a, b) => a % nonZero(b),
    (a, b) => a % b,
  ),
  neg: operator((_meter, a) => {
    if (typeof a === "number") return -a;
    if (typeof a === "bigint") return int64(-int64(a));
    throw noOverload(a);
  }),
};
