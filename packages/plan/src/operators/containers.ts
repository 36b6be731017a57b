import { isReachableKey } from "@capnweb/wire/internal";
import { keysOf } from "../values/keys.ts";
import { isMap } from "../values/kinds.ts";
import { type Meter, Visits, visit } from "../values/meter.ts";
import { CONTAINER_BYTES, MEMBER_BYTES } from "../values/sizes.ts";
import type { Work } from "../values/work.ts";
import { CodePoints } from "./code-points.ts";
import { isAmong } from "./compare.ts";
import { makeList } from "./make-list.ts";
import { longOperator, noOverload, OperatorFailure, operator } from "./operator.ts";
import { outOfRange, position, whole } from "./position.ts";

/** Lists and maps, with the names of CEL and of its extension for lists. */

function requireList(value: unknown): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw noOverload(value);
}

/** True if a map has a key that a plan may reach. */
function hasKey(map: object, key: string): boolean {
  return Object.hasOwn(map, key) && isReachableKey(key);
}

function index(_meter: Meter, container: unknown, key: unknown): unknown {
  if (Array.isArray(container)) {
    const at = whole(key, container);
    if (at < 0 || at >= container.length) throw outOfRange(at, container.length);
    return container[at];
  }
  if (!isMap(container) || typeof key !== "string") throw noOverload(container, key);
  if (hasKey(container, key)) return container[key];
  throw new OperatorFailure("PLAN_KEY", `finds no key ${JSON.stringify(key.slice(0, 40))}.`);
}

function* size(meter: Meter, value: unknown): Work<number> {
  if (typeof value === "string") return (yield* CodePoints.of(meter, value)).length;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  if (!isMap(value)) throw noOverload(value);
  const { length } = keysOf(value, meter);
  visit(meter, length);
  return length;
}

function range(meter: Meter, count: unknown): Work<unknown[]> {
  const length = whole(count);
  if (length < 0) throw outOfRange(length, 0);
  return makeList(meter, length, (i) => i);
}

function slice(meter: Meter, list: unknown, from: unknown, to: unknown): Work<unknown[]> {
  requireList(list);
  const end = position(to, list.length);
  const start = position(from, list.length);
  if (start > end) throw outOfRange(start, end);
  return makeList(meter, end - start, (i) => list[start + i]);
}

function reverse(meter: Meter, list: unknown): Work<unknown[]> {
  requireList(list);
  return makeList(meter, list.length, (i) => list[list.length - 1 - i]);
}

function keys(meter: Meter, map: unknown): readonly string[] {
  if (!isMap(map)) throw noOverload(map);
  const names = keysOf(map, meter);
  meter.make(CONTAINER_BYTES + MEMBER_BYTES * names.length);
  visit(meter, names.length);
  return names;
}

function* flatten(meter: Meter, list: unknown): Work<unknown[]> {
  requireList(list);
  meter.make(CONTAINER_BYTES);
  const visits = new Visits(meter);
  const flat: unknown[] = [];
  for (const each of list) {
    const parts = Array.isArray(each) ? each : [each];
    meter.make(MEMBER_BYTES * parts.length);
    for (const part of parts) {
      flat.push(part);
      if (visits.add()) yield;
    }
    if (visits.add()) yield;
  }
  visits.end();
  return flat;
}

/** Elements that sets compare as well: none is equal to one of another kind. */
const isSimple = (value: unknown) =>
  typeof value === "string" || typeof value === "boolean" || value === null;

function* distinct(meter: Meter, list: unknown): Work<unknown[]> {
  requireList(list);
  meter.make(CONTAINER_BYTES + MEMBER_BYTES * list.length);
  const visits = new Visits(meter);
  const kept: unknown[] = [];
  const simple = new Set<unknown>();
  const others: unknown[] = [];
  for (const each of list) {
    if (isSimple(each)) {
      // A set that grows copies all that it has.
      meter.spend(1);
      if (!simple.has(each)) kept.push(each);
      simple.add(each);
    } else if (!(yield* isAmong(meter, others, each, visits))) {
      others.push(each);
      kept.push(each);
    }
    if (visits.add()) yield;
  }
  visits.end();
  return kept;
}

export const CONTAINERS = {
  index: operator(index),
  size: longOperator(size),

  has: operator((_meter, map, key) => {
    if (!isMap(map) || typeof key !== "string") throw noOverload(map, key);
    return hasKey(map, key) && map[key] !== undefined;
  }),

  keys: operator(keys),
  slice: longOperator(slice),
  flatten: longOperator(flatten),
  reverse: longOperator(reverse),
  range: longOperator(range),
  distinct: longOperator(distinct),
};
