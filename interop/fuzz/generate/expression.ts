import { type Random, weighted } from "../random.ts";
import { document } from "./documents.ts";
import type { Ids } from "./ids.ts";
import { malformed } from "./malformed.ts";
import { METHODS, PROPERTIES } from "./names.ts";
import { plain } from "./plain.ts";

/** An expression with references of every kind, mostly well-formed. */
export function expression(random: Random, ids: Ids, depth: number): unknown {
  if (depth <= 0) return leaf(random, ids, 0);
  return pickKind(random)(random, ids, depth);
}

type Kind = (random: Random, ids: Ids, depth: number) => unknown;

const leaf: Kind = (random, ids) =>
  random.chance(0.5) ? plain(random, 0) : pickReference(random)(random, ids, 0);

const pickReference = weighted<Kind>([
  [4, (random, ids) => ["export", ids.stub(random)]],
  [5, (random, ids) => ["promise", ids.promise(random)]],
  [2, (random, ids) => ["writable", ids.stub(random)]],
  [4, (random, ids) => ["import", ids.referred(random)]],
  [5, (random, ids) => ["pipeline", ids.referred(random)]],
  [4, (random, ids) => [ref(random), ids.referred(random), path(random)]],
  [2, readable],
]);

/** A call of a method of the application, or of anything else. */
export const call: Kind = (random, ids, depth) => {
  const id = random.chance(0.6) ? 0 : ids.referred(random);
  const where = random.chance(0.85) ? [random.pick(METHODS)] : path(random);
  return [ref(random), id, where, args(random, ids, depth)];
};

const remap: Kind = (random, ids, depth) => {
  const captures = many(random, 3, () =>
    random.chance(0.7) ? ["import", ids.referred(random)] : ["export", ids.stub(random)],
  );
  return ["remap", ids.referred(random), path(random), captures, body(random, depth, captures)];
};

/** Instructions of a `map()`. Their ids name the input, results and captures. */
function body(random: Random, depth: number, captures: readonly unknown[]): unknown[] {
  const instructions: unknown[] = [];
  const count = 1 + random.int(3);
  const id = () => random.int(instructions.length + 1 + captures.length) - captures.length;
  for (let i = 0; i < count; i++) {
    const choice = random.next();
    if (choice < 0.3) instructions.push(["pipeline", id(), path(random)]);
    else if (choice < 0.65) {
      instructions.push(["pipeline", id(), [random.pick(METHODS)], [["pipeline", id()]]]);
    } else if (choice < 0.8 && depth > 0) {
      const inner = many(random, 3, () => ["import", id()]);
      instructions.push(["remap", id(), path(random), inner, body(random, depth - 1, inner)]);
    } else if (choice < 0.97) instructions.push([[["pipeline", id()], plain(random, 1)]]);
    else if (choice < 0.973) instructions.push(["pipeline", random.int(9) - 4]);
    else instructions.push(plain(random, 1));
  }
  return instructions;
}

const pickKind = weighted<Kind>([
  [14, (random, _ids, depth) => plain(random, depth)],
  [16, (random, ids, depth) => pickReference(random)(random, ids, depth)],
  [24, call],
  [6, remap],
  [9, (random, ids, depth) => [many(random, 4, () => expression(random, ids, depth - 1))]],
  [9, object],
  [5, (random, ids, depth) => ["fuzz:box", ...args(random, ids, depth)]],
  [3, error],
  [
    3,
    (random, ids, depth) =>
      ids.unclaimed.length > 0 ? ["blob", "a/b", stream(random, ids, depth)] : plain(random, 0),
  ],
  [2, message],
  [
    6,
    (random, ids, depth) =>
      ids.isText ? document(random, (each) => expression(each, ids, depth - 1)) : plain(random, 1),
  ],
  [0.1, (random) => malformed(random)],
]);

function object(random: Random, ids: Ids, depth: number): unknown {
  const entries = many(random, 4, () => [
    random.pick(PROPERTIES),
    expression(random, ids, depth - 1),
  ]);
  return Object.fromEntries(entries as [string, unknown][]);
}

function error(random: Random, ids: Ids, depth: number): unknown {
  const properties = object(random, ids, depth);
  return ["error", random.pick(["Error", "RangeError", "then", "x"]), "m", null, properties];
}

/** A `Request` or `Response` whose body is a reference. */
function message(random: Random, ids: Ids, depth: number): unknown {
  const body = stream(random, ids, depth);
  if (random.chance(0.5)) return ["response", body, {}];
  return ["request", "http://a/", { method: "POST", body, duplex: "half" }];
}

function stream(random: Random, ids: Ids, depth: number): unknown {
  if (random.chance(0.01)) return expression(random, ids, depth - 1);
  return ids.unclaimed.length > 0 ? readable(random, ids) : "text";
}

/** The reading end of a pipe, if there is one. */
function readable(random: Random, ids: Ids): unknown {
  const id = ids.claimed(random);
  return id === undefined ? plain(random, 0) : ["readable", id];
}

export function args(random: Random, ids: Ids, depth: number): unknown[] {
  return many(random, 4, () => expression(random, ids, depth - 1));
}

function ref(random: Random): string {
  return random.chance(0.25) ? "import" : "pipeline";
}

function path(random: Random): unknown[] {
  return many(random, 3, () => (random.chance(0.3) ? random.int(3) : random.pick(PROPERTIES)));
}

function many<T>(random: Random, below: number, make: () => T): T[] {
  return Array.from({ length: random.int(below) }, make);
}
