/** A flat record, as a row of a database. */
export interface FlatRecord {
  readonly id: number;
  readonly name: string;
  readonly score: number;
  readonly active: boolean;
  readonly city: string;
}

const NAMES = ["Ada", "Björn", "Chidi", "Dana", "Emre", "Fatima", "Goran", "Hana", "Ines", "Jun"];
const CITIES = ["Bern", "Cork", "Kyiv", "Lima", "Nice", "Oslo", "Quito", "Riga", "Rome"];

/** The i-th record. The columns repeat with different periods, so that few records are alike. */
function record(i: number): FlatRecord {
  return {
    id: i + 1,
    name: NAMES[i % NAMES.length]!,
    score: ((i * 37) % 101) / 2,
    active: i % 3 !== 0,
    city: CITIES[i % CITIES.length]!,
  };
}

/** A list of records, the same each time. */
export function records(count: number): FlatRecord[] {
  return Array.from({ length: count }, (_, i) => record(i));
}

/**
 * A list of records whose JSON has this number of bytes. A longer name of the last record fills the
 * list up. Lists of less than a record have a single id.
 */
export function recordsOf(bytes: number): readonly object[] {
  const list: FlatRecord[] = [];
  let rest = bytes - 1;
  for (;;) {
    const next = record(list.length);
    // One byte more, for the comma or the bracket.
    const needed = Buffer.byteLength(JSON.stringify(next)) + 1;
    if (needed > rest) break;
    list.push(next);
    rest -= needed;
  }
  const last = list.pop();
  if (last === undefined) return [{ id: 1 }];
  return [...list, { ...last, name: last.name.padEnd(last.name.length + rest, ".") }];
}
