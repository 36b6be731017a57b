import { type Expression, ExpressionError, type ValueType, valueType } from "@capnweb/wire";

/** A value that holds no others. */
export class Money {
  readonly cents: bigint;
  readonly currency: string;
  constructor(cents: bigint, currency: string) {
    this.cents = cents;
    this.currency = currency;
  }
}

const isText = (value: unknown): value is string => typeof value === "string";

export const money = valueType<Money, [cents: Expression, currency: string]>({
  tag: "test:money",
  class: Money,
  operands: [(value): value is Expression => value !== undefined, isText],
  encode: ({ cents, currency }, cx) => [cx.encode(cents), currency],
  decode([encoded, currency], cx) {
    const cents = cx.decode(encoded, {}, "cents");
    if (typeof cents !== "bigint") throw new ExpressionError("Money is counted in cents.");
    return new Money(cents, currency);
  },
});

/** A container whose contents only its methods can reach. */
export class OrderedMap<V = unknown> {
  readonly #entries = new Map<string, V>();
  constructor(entries: Iterable<[string, V]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }
  get(key: string): V {
    return this.#entries.get(key)!;
  }
  set(key: string, value: V): void {
    this.#entries.set(key, value);
  }
  entries(): [string, V][] {
    return [...this.#entries];
  }
}

/** An entry for each key, with the key before its value. */
function isEntries(value: unknown): value is [string, Expression][] {
  return (
    Array.isArray(value) &&
    value.every((each) => Array.isArray(each) && each.length === 2 && isText(each[0]))
  );
}

export const orderedMap = valueType<OrderedMap, [entries: [string, Expression][]]>({
  tag: "test:ordered-map",
  class: OrderedMap,
  operands: [isEntries],
  encode: (map, cx) => [map.entries().map(([key, value]) => [key, cx.encode(value)])],
  decode([entries], cx) {
    const map = new OrderedMap();
    for (const [key, part] of entries) cx.part(part, (value) => map.set(key, value));
    return map;
  },
  copy(map, cx) {
    const copy = new OrderedMap();
    for (const [key, part] of map.entries()) cx.part(part, (value) => copy.set(key, value));
    return copy;
  },
  parts: (map) => map.entries().map(([, value]) => value),
});

/** A container of the platform. Its keys are parts as well. */
export const platformMap = valueType<Map<unknown, unknown>, [[Expression, Expression][]]>({
  tag: "test:Map",
  class: Map,
  encode: (map, cx) => [[...map].map(([key, value]) => [cx.encode(key), cx.encode(value)])],
  decode([entries], cx) {
    const map = new Map();
    for (const [key, value] of entries) {
      const place = placeEntry(map);
      cx.part(key, (decoded) => place({ key: decoded }));
      cx.part(value, (decoded) => place({ value: decoded }));
    }
    return map;
  },
  copy(map, cx) {
    const copy = new Map();
    for (const [key, value] of map) {
      const place = placeEntry(copy);
      cx.part(key, (copied) => place({ key: copied }));
      cx.part(value, (copied) => place({ value: copied }));
    }
    return copy;
  },
  parts: (map) => [...map].flat(),
});

/** Replaces the placeholder of a promise. A key and a value may both be one. */
function placeEntry(
  map: Map<unknown, unknown>,
): (part: { key?: unknown; value?: unknown }) => void {
  let entry: { key?: unknown; value?: unknown } = {};
  return (part) => {
    map.delete(entry.key);
    entry = { ...entry, ...part };
    map.set(entry.key, entry.value);
  };
}

export const platformSet = valueType<Set<unknown>, [Expression[]]>({
  tag: "test:Set",
  class: Set,
  encode: (set, cx) => [[...set].map((each) => cx.encode(each))],
  decode([parts], cx) {
    const set = new Set();
    for (const part of parts) cx.part(part, placeIn(set));
    return set;
  },
  copy(set, cx) {
    const copy = new Set();
    for (const part of set) cx.part(part, placeIn(copy));
    return copy;
  },
  parts: (set) => [...set],
});

/** Replaces the placeholder of a promise. */
function placeIn(set: Set<unknown>): (value: unknown) => void {
  let placed: unknown;
  return (value) => {
    set.delete(placed);
    placed = value;
    set.add(value);
  };
}

export const types: readonly ValueType[] = [money, orderedMap, platformMap, platformSet];
