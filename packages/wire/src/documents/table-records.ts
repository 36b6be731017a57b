import { unknownExpression } from "../errors.ts";
import { isObject, objectOf } from "../objects.ts";
import { isRecord } from "../operands.ts";
import type { Expression } from "../value-type.ts";
import { keysOf, MOST_TABLES, notAColumn, tooManyTables, unevenColumns } from "./nesting.ts";
import { isGap } from "./records.ts";

/** A record of a table, with the expression of each member. */
export type TableRecord = Readonly<Record<string, Expression>>;

/** The records of a table, made one at a time. */
export interface TableRecords {
  /** Their number. */
  readonly length: number;
  /** Makes a record. */
  at(row: number): TableRecord;
}

/** Cells, one for each record. `undefined` stands for a member that the record lacks. */
interface Cells {
  readonly length: number;
  at(row: number): Expression | undefined;
}

/**
 * The records of a `["table", columns]`, for tools that show or rewrite messages. Members whose
 * column is plain JSON are `["json", value]`, unless they are scalars.
 *
 * @returns `undefined` for any expression that isn't a table
 * @throws ExpressionError for a malformed table
 */
export function tableRecords(expression: Expression): TableRecords | undefined {
  if (!Array.isArray(expression) || expression[0] !== "table") return undefined;
  return recordsOf(expression, 0);
}

function recordsOf(table: readonly unknown[], depth: number): TableRecords {
  if (depth >= MOST_TABLES) throw tooManyTables();
  const [, columns] = table;
  if (!isRecord(columns)) throw unknownExpression(table);
  const all = keysOf(columns).map((key) => [key, cellsOf(columns[key], depth)] as const);
  const length = all[0]?.[1].length;
  if (length === undefined || all.some(([, cells]) => cells.length !== length)) {
    throw unevenColumns();
  }
  return {
    length,
    at(row) {
      const members: [string, Expression][] = [];
      for (const [key, cells] of all) {
        const cell = cells.at(row);
        if (cell !== undefined) members.push([key, cell]);
      }
      return objectOf(members);
    },
  };
}

function cellsOf(column: Expression, depth: number): Cells {
  if (Array.isArray(column)) {
    const [first, second] = column as readonly Expression[];
    if (first === "table") return recordsOf(column, depth + 1);
    if (first === "json" && Array.isArray(second)) {
      return { length: second.length, at: (row) => plainPart(second[row]) };
    }
    if (Array.isArray(first) && column.length === 1) {
      const at = (row: number) => (isGap(first[row]) ? undefined : first[row]);
      return { length: first.length, at };
    }
  }
  throw notAColumn();
}

/** The expression of a part of plain JSON. */
export function plainPart(value: unknown): Expression {
  return isObject(value) ? ["json", value] : value;
}
