import { DEFAULT_MAX_DEPTH, DepthError } from "@capnweb/core";
import { keysOf } from "../values/keys.ts";
import { type Meter, scan, scanning, Visits } from "../values/meter.ts";
import type { Work } from "../values/work.ts";
import { kindOf } from "./kind.ts";
import { noOverload } from "./operator.ts";

/** Equality as CEL has it. */

export const isNumeric = (value: unknown): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";

/**
 * True if two values are equal: of one kind, with equal parts. Only integers and doubles are
 * compared across kinds, by the numbers that they stand for.
 */
export function* equality(meter: Meter, a: unknown, b: unknown): Work<boolean> {
  return equalAtOnce(meter, a, b) ?? (yield* equalParts(meter, a as object, b as object));
}

/** The same, as far as it is known without a look at parts; `undefined` if these decide. */
export function equalAtOnce(meter: Meter, a: unknown, b: unknown): boolean | undefined {
  // biome-ignore lint/suspicious/noDoubleEquals: an int and a double, compared exactly
  if (isNumeric(a) && isNumeric(b)) return a == b;
  if (typeof a === "string" && typeof b === "string") {
    scan(meter, Math.min(a.length, b.length));
    return a === b;
  }
  const kind = kindOf(a);
  const other = kindOf(b);
  if (isOpaque(kind) || isOpaque(other)) throw noOverload(a, b);
  if (kind !== other) return false;
  if (kind === "timestamp") return (a as Date).getTime() === (b as Date).getTime();
  return kind === "list" || kind === "map" || kind === "bytes" ? undefined : a === b;
}

/** As {@link equality}, but values that can't be compared are different. */
export function* sameness(meter: Meter, a: unknown, b: unknown): Work<boolean> {
  if (isOpaque(kindOf(a)) || isOpaque(kindOf(b))) return false;
  return yield* equality(meter, a, b);
}

const isOpaque = (kind: string) => kind === "capability" || kind === "other";

/** Two containers of one kind, whose parts are compared in turn. */
interface Pair {
  readonly a: any;
  readonly b: any;
  /** The keys of maps; `undefined` for lists. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  at: number;
}

/** Compares bytes, or containers. A list that stands in others twice is a tree of any size. */
function* equalParts(meter: Meter, a: object, b: object): Work<boolean> {
  const visits = new Visits(meter);
  const open: Pair[] = [];
  let [left, right]: unknown[] = [a, b];
  for (;;) {
    const isEqual = equalAtOnce(meter, left, right);
    if (isEqual === false) return false;
    if (isEqual === undefined) {
      if (left instanceof Uint8Array) {
        if ((yield* order(meter, left, right as Uint8Array)) !== 0) return false;
      } else {
        const pair = pairOf(meter, left as object, right as object);
        if (!pair) return false;
        if (open.push(pair) > DEFAULT_MAX_DEPTH) throw new DepthError();
        meter.spend(1);
      }
    }
    while (open.length > 0 && open.at(-1)!.at === open.at(-1)!.length) open.pop();
    const pair = open.at(-1);
    if (!pair) break;
    const key = pair.keys?.[pair.at] ?? pair.at;
    pair.at++;
    if (pair.keys && !Object.hasOwn(pair.b, key)) return false;
    [left, right] = [pair.a[key], pair.b[key]];
    if (visits.add()) yield;
  }
  visits.end();
  return true;
}

/** Two containers; `undefined` if they don't have the same number of parts. */
function pairOf(meter: Meter, a: object, b: object): Pair | undefined {
  const keys = Array.isArray(a) ? undefined : keysOf(a, meter);
  const { length } = keys ?? (a as unknown[]);
  const other = keys ? keysOf(b, meter) : (b as unknown[]);
  return length === other.length ? { a, b, keys, length, at: 0 } : undefined;
}

/** Orders bytes. */
export function* order(meter: Meter, a: Uint8Array, b: Uint8Array): Work<number> {
  let difference = 0;
  yield* scanning(meter, Math.min(a.length, b.length), (start, end) => {
    for (let i = start; i < end && difference === 0; i++) difference = a[i]! - b[i]!;
    return difference !== 0;
  });
  return difference || a.length - b.length;
}
