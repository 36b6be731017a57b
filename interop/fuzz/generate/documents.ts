import { type Random, weighted } from "../random.ts";
import { PROPERTIES } from "./names.ts";

/** Makes the expression of a cell. */
type Cell = (random: Random) => unknown;

type Kind = (random: Random, cell: Cell) => unknown;

/** The numbers of records. Sessions write tables of 16 records or more. */
const ROWS = [0, 1, 2, 2, 3, 16, 17];

/** Plain JSON as it is, or a list of records as a table. Mostly well-formed. */
export function document(random: Random, cell: Cell): unknown {
  return pickKind(random)(random, cell);
}

const pickKind = weighted<Kind>([
  [5, (random) => ["json", json(random, 3)]],
  [6, (random, cell) => table(random, random.pick(ROWS), cell, 2)],
  [0.1, misshapen],
]);

function table(random: Random, rows: number, cell: Cell, depth: number): unknown {
  const count = 1 + random.int(4);
  const columns = Array.from({ length: count }, () => [
    random.pick(PROPERTIES),
    column(random, rows, cell, depth),
  ]);
  return ["table", Object.fromEntries(columns)];
}

function column(random: Random, rows: number, cell: Cell, depth: number): unknown {
  const cells = (make: (random: Random) => unknown) =>
    Array.from({ length: rows }, () => make(random));
  const choice = random.next();
  if (choice < 0.2) return ["json", cells((each) => json(each, 2))];
  if (choice < 0.35 && depth > 0) return table(random, rows, cell, depth - 1);
  const gaps = random.pick([0, 0.1, 0.9]);
  // Expressions of long columns would make most sequences end early.
  const rare = rows > 3 ? 0.1 : 0.7;
  return [
    cells((each) => {
      if (each.chance(gaps)) return [];
      return each.chance(rare) ? cell(each) : each.pick([0, 1, "x", null, true]);
    }),
  ];
}

/** Plain JSON, some of which looks like expressions. */
function json(random: Random, depth: number): unknown {
  const choice = random.next();
  if (depth <= 0 || choice < 0.4) return random.pick([0, -0, 1.5, "", "x", null, true, [], {}]);
  const list = () => Array.from({ length: random.int(4) }, () => json(random, depth - 1));
  if (choice < 0.6) return list();
  if (choice < 0.7) return [random.pick(LOOKALIKES), random.int(5) - 2, ...list()];
  if (choice < 0.8) return Array.from({ length: random.pick(ROWS) }, (_, id) => ({ id, x: 1 }));
  return Object.fromEntries(list().map((each) => [random.pick(PROPERTIES), each]));
}

const LOOKALIKES = "import export promise pipeline remap readable bytes date json table".split(" ");

function misshapen(random: Random, cell: Cell): unknown {
  const other = () => table(random, random.pick([1, 4]), cell, 1);
  return random.pick<() => unknown>([
    () => ["table", {}],
    () => ["table", []],
    () => ["table", { a: [[1, 2]], b: [[1]] }],
    () => ["table", { a: [[cell(random), cell(random)]], b: other() }],
    () => ["table", { a: other(), b: ["json", [1, 2]] }],
    () => ["table", { a: cell(random) }],
    () => ["table", { a: ["json", { length: 1 }] }],
    () => ["table", { a: [[[[]]]] }],
    () => ["json"],
    () => [[[]]],
  ])();
}

/** An ordinary list of records, or of lists, that a session writes as a document. */
export function documentLike(random: Random, cell: Cell): unknown {
  const rows = random.pick([2, 16, 17]);
  if (random.chance(0.3)) return [Array.from({ length: rows }, () => [[json(random, 0)]])];
  const names = ["a", "x", "list", "then"].slice(0, 1 + random.int(4));
  const values = names.map(() =>
    random.pick<Cell>([() => 1, () => "x", cell, () => ({ a: 1 }), () => [[1, [[2]]]]]),
  );
  const chance = random.pick([1, 1, 0.9]);
  const record = () => {
    const members = names.map((name, i) => [name, values[i]!(random)] as const);
    return Object.fromEntries(members.filter(() => random.chance(chance)));
  };
  return [Array.from({ length: rows }, record)];
}
