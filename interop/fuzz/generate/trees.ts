import type { Random } from "../random.ts";

/** Values that only a structured clone can deliver. In JSON, a mark stands for each. */
const NATIVE: Readonly<Record<string, () => unknown>> = {
  date: () => new Date(0),
  "invalid date": () => new Date(Number.NaN),
  bigint: () => 5n,
  "long bigint": () => 10n ** 20_000n,
  undefined: () => undefined,
  nan: () => Number.NaN,
  inf: () => Number.POSITIVE_INFINITY,
  bytes: () => new Uint8Array([1, 2, 3]),
  "no bytes": () => new Uint8Array(0),
  buffer: () => new ArrayBuffer(8),
  map: () => new Map([[1, 2]]),
  set: () => new Set([1]),
  regexp: () => /a/,
  error: () => new Error("native"),
  "sparse list": () => [new Array(1_000)],
  "very sparse list": () => [new Array(4_000_000_000)],
  cyclic: () => {
    const list: unknown[] = [];
    list.push(list);
    return [list];
  },
  shared: () => {
    const list = [[1]];
    return [[list, list]];
  },
  "null prototype": () => Object.assign(Object.create(null), { a: 1 }),
};

const NAMES = Object.keys(NATIVE);

/** Marks a part of a tree for replacement with a native value. */
export function makeNative(random: Random, tree: unknown): unknown {
  if (typeof tree !== "object" || tree === null || random.chance(0.2)) {
    return { [MARK]: random.pick(NAMES) };
  }
  const keys = Object.keys(tree);
  if (keys.length === 0) return tree;
  const key = random.pick(keys);
  const child = makeNative(random, (tree as Record<string, unknown>)[key]);
  if (Array.isArray(tree)) return tree.with(Number(key), child);
  return { ...tree, [key]: child };
}

const MARK = "$native";

/**
 * A fresh copy of a tree, with native values in place of the marks.
 *
 * @param idFor returns the number that replaces a number
 */
export function revive(tree: unknown, idFor: (id: number) => number): unknown {
  if (typeof tree === "number") return idFor(tree);
  if (typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((child) => revive(child, idFor));
  const mark = (tree as Record<string, unknown>)[MARK];
  if (typeof mark === "string" && Object.hasOwn(NATIVE, mark)) return NATIVE[mark]!();
  return Object.fromEntries(
    Object.entries(tree).map(([key, child]) => [key, revive(child, idFor)]),
  );
}
