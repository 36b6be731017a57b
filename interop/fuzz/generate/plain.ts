import { type Random, weighted } from "../random.ts";
import { PROPERTIES } from "./names.ts";

const TYPES = [
  ..."ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array".split(
    " ",
  ),
  ..."Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array".split(" "),
];

/** An expression of a value that holds no references. */
export function plain(random: Random, depth: number): unknown {
  return (depth > 0 ? pickAny : pickLeaf)(random)(random, depth);
}

type Kind = (random: Random, depth: number) => unknown;

const LEAVES: readonly (readonly [number, Kind])[] = [
  [20, (random) => random.int(4)],
  [
    6,
    (random) => random.pick(["", "x", "text", "\u0000", "\ud800", "]\n[", "é😀", "a".repeat(90)]),
  ],
  [4, (random) => random.pick([true, false, null, -0, 1.5, 1e300, -1])],
  [2, (random) => [random.pick(["undefined", "inf", "-inf", "nan"])]],
  [1, (random) => ["bigint", random.pick(["1", "-5", "0", "9".repeat(40)])]],
  [1, (random) => ["date", random.pick([0, null, 1e12, 8.64e15])]],
  [2, (random) => ["bytes", base64(random, 3 * random.int(6))]],
  [1, (random) => ["bytes", base64(random, 24), random.pick(TYPES)]],
  [1, (random) => ["error", random.pick(["Error", "TypeError", "Other"]), "message"]],
  [0.5, () => ["url", "http://a.example/b?c#d"]],
  [0.5, () => ["headers", [["a", "b"]]]],
  [0.3, () => ["request", "http://a.example/", { method: "POST", body: "text" }]],
  [0.3, () => ["response", "text", { status: 201, headers: [["a", "b"]] }]],
];

const pickLeaf = weighted(LEAVES);

const pickAny = weighted<Kind>([
  ...LEAVES,
  [6, (random, depth) => [many(random, () => plain(random, depth - 1))]],
  [6, object],
  [1, (random, depth) => ["error", "Error", "m", null, object(random, depth)]],
  [
    1,
    (random, depth) => [
      "error",
      "AggregateError",
      "m",
      "stack",
      { errors: [[plain(random, depth - 1)]] },
    ],
  ],
]);

function object(random: Random, depth: number): object {
  return Object.fromEntries(
    many(random, () => [random.pick(PROPERTIES), plain(random, depth - 1)] as const),
  );
}

function many<T>(random: Random, make: () => T): T[] {
  return Array.from({ length: random.int(4) }, make);
}

/** Base64 without padding. */
export function base64(random: Random, length: number): string {
  return random.bytes(length).toString("base64").replace(/=+$/, "");
}
