import { hasIndexes, objectFor } from "../objects.ts";
import type { Expression } from "../value-type.ts";

/** The members of one name of all records. */
export interface Members {
  readonly key: string;
  /** A member, or an expression to be decoded later, for each record. `undefined` if all follow. */
  readonly cells: readonly Expression[] | undefined;
  /** The number of cells that are gaps. */
  readonly gaps: number;
}

/** The most members of an object that engines copy faster than they make it member by member. */
const MOST_CLONED = 64;

/** True if a cell says that its record lacks the member. */
export function isGap(cell: Expression): boolean {
  return Array.isArray(cell) && cell.length === 0;
}

/** Makes the records of a table. Members that follow have their place already. */
export function recordsOf(rows: number, members: readonly Members[]): Record<string, unknown>[] {
  const hasGaps = members.some(({ gaps }) => gaps > 0);
  const isIndexed = hasIndexes(members.map(({ key }) => key));
  const isCloned = !hasGaps && !isIndexed && members.length <= MOST_CLONED;
  return isCloned ? cloneRecords(rows, members) : makeRecords(rows, members);
}

/** Makes records that have all members. Copying an object of their shape is faster. */
function cloneRecords(rows: number, members: readonly Members[]): Record<string, unknown>[] {
  const shape: Record<string, unknown> = {};
  for (const { key } of members) shape[key] = undefined;
  const known = members.filter(({ cells }) => cells);
  const keys = known.map(({ key }) => key);
  const lists = known.map(({ cells }) => cells!);
  const records = new Array<Record<string, unknown>>(rows);
  for (let row = 0; row < rows; row++) {
    const record = { ...shape };
    for (let i = 0; i < keys.length; i++) record[keys[i]!] = lists[i]![row];
    records[row] = record;
  }
  return records;
}

function makeRecords(rows: number, members: readonly Members[]): Record<string, unknown>[] {
  const records = new Array<Record<string, unknown>>(rows);
  const keys = members.map(({ key }) => key);
  for (let row = 0; row < rows; row++) {
    const record = objectFor(keys);
    for (const { key, cells, gaps } of members) {
      const cell = cells?.[row];
      // Without gaps, a cell that looks like one is an empty list of plain JSON.
      if (gaps === 0 || !isGap(cell)) record[key] = cell;
    }
    records[row] = record;
  }
  return records;
}
