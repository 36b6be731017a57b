import { isIndex } from "../objects.ts";
import { isReachableKey } from "../property-path.ts";

/** Records with more members are rather dictionaries. */
const MOST_SENT_COLUMNS = 64;

/** A table has at most so many cells without a member, and one more for some that have one. */
const FREE_GAPS = 16;
const MEMBERS_PER_GAP = 3;

/** The content of a cell whose record lacks the member. */
export const GAP = Symbol();

/** A column of a table: the member of one name of all records. */
export interface Column {
  readonly key: string;
  /** A member of each record, or {@link GAP}. */
  readonly cells: unknown[];
  hasGaps: boolean;
}

/**
 * The columns of a list of records, if it is worth a table: all records are plain objects, and
 * their members have mostly the same names, in the same order.
 *
 * @param mostMembers the number of members of all records from which it isn't worth one. One record
 *   may stand in many places
 * @returns `undefined` for any other list. Then few of the records have been looked at
 */
export function columnsOf(
  list: readonly unknown[],
  mostMembers: number,
): readonly Column[] | undefined {
  const columns = new Columns(mostMembers);
  for (let row = 0; row < list.length; row++) {
    const record = list[row];
    if (typeof record !== "object" || record === null) return undefined;
    if (Object.getPrototypeOf(record) !== Object.prototype) return undefined;
    if (!columns.add(record as Readonly<Record<string, unknown>>, row)) return undefined;
  }
  return columns.all.length > 0 ? columns.all : undefined;
}

class Columns {
  readonly all: Column[] = [];
  /** The members of all records so far. */
  #members = 0;
  readonly #mostMembers: number;

  constructor(mostMembers: number) {
    this.#mostMembers = mostMembers;
  }

  /**
   * Adds a record.
   *
   * @param row the number of records before it
   * @returns whether it fits
   */
  add(record: Readonly<Record<string, unknown>>, row: number): boolean {
    const { all } = this;
    let at = 0;
    for (const key in record) {
      while (at < all.length && all[at]!.key !== key) leaveGap(all[at++]!);
      if (at === all.length && !this.#addColumn(key, row)) return false;
      all[at++]!.cells.push(record[key]);
      this.#members++;
    }
    while (at < all.length) leaveGap(all[at++]!);
    return this.#members < this.#mostMembers && this.#hasFewGaps(all.length * (row + 1));
  }

  /** Adds a column for a member that the records before didn't have. */
  #addColumn(key: string, row: number): boolean {
    const { all } = this;
    if (all.length === MOST_SENT_COLUMNS || !isReachableKey(key)) return false;
    // An object of columns would enumerate it before those that are encoded before it.
    if (row > 0 && isIndex(key)) return false;
    if (!this.#hasFewGaps((all.length + 1) * row)) return false;
    // A record whose members stand in another order.
    if (all.some((column) => column.key === key)) return false;
    all.push({ key, cells: new Array<unknown>(row).fill(GAP), hasGaps: row > 0 });
    return true;
  }

  #hasFewGaps(cells: number): boolean {
    return cells - this.#members <= FREE_GAPS + this.#members / MEMBERS_PER_GAP;
  }
}

function leaveGap(column: Column): void {
  column.cells.push(GAP);
  column.hasGaps = true;
}
