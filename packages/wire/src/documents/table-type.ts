import { unknownExpression } from "../errors.ts";
import { isRecord, isScalar } from "../operands.ts";
import { isReachableKey } from "../property-path.ts";
import type { Expression, ValueType } from "../value-type.ts";
import type { DocumentContext } from "./document-context.ts";
import { notEncoded } from "./json-type.ts";
import { keysOf, MOST_TABLES, notAColumn, tooManyTables, unevenColumns } from "./nesting.ts";
import { receiveDocument } from "./receive-plain.ts";
import { isGap, recordsOf } from "./records.ts";

type Columns = Readonly<Record<string, Expression>>;

/** A column that was received. */
interface ReceivedColumn {
  readonly key: string;
  readonly expression: Expression;
  /** `undefined` if the column is a table, which is decoded in its turn. */
  cells: readonly Expression[] | undefined;
  /** True if every cell is what it stands for: a scalar, or plain JSON. */
  readonly isPlain: boolean;
  /** The number of records that lack the member. */
  readonly gaps: number;
}

/**
 * A list of records as a table (docs/protocol.md, "Extensions"). The records are made first. Their
 * members that aren't plain are then decoded in place, column by column.
 */
export const tableType: ValueType<never, [columns: object], never, DocumentContext> = {
  kind: "table",
  tags: ["table"],
  weight: 1,
  operands: [isRecord],
  encode: notEncoded,
  decode(expression, cx) {
    if (cx.level !== "string") throw unknownExpression(expression);
    const source = expression[1] as Columns;
    checkNesting(source, MOST_TABLES);
    const columns = Object.keys(source).map((key) => receive(key, source[key], cx));
    const rows = rowsOf(columns, cx);
    for (const { cells } of columns) if (cells && cells.length !== rows) throw unevenColumns();
    // Columns without cells take room as well.
    let members = Math.max(rows, 1) * columns.length;
    for (const { gaps } of columns) members -= gaps;
    cx.records(rows, members);
    const records = recordsOf(
      rows,
      columns.filter(({ key }) => isReachableKey(key)),
    );
    for (const column of columns) decodeColumn(column, records, cx);
    return records;
  },
};

/**
 * Checks how many columns there are, and how many tables are columns of each other.
 *
 * @param left the most, this one included
 * @throws ExpressionError for more
 */
function checkNesting(columns: Columns, left: number): void {
  if (left === 0) throw tooManyTables();
  const keys = keysOf(columns);
  for (const key of keys) {
    const column = columns[key];
    if (!Array.isArray(column) || column[0] !== "table" || !isRecord(column[1])) continue;
    checkNesting(column[1] as Columns, left - 1);
  }
}

function receive(key: string, expression: Expression, cx: DocumentContext): ReceivedColumn {
  const [first, second] = Array.isArray(expression) ? (expression as readonly Expression[]) : [];
  if (first === "json" && Array.isArray(second)) {
    // The list itself is counted with the records.
    const { values } = receiveDocument(second, cx, true);
    cx.count(values - second.length - 1);
    return { key, expression, cells: second, isPlain: true, gaps: 0 };
  }
  if (first === "table") return { key, expression, cells: undefined, isPlain: true, gaps: 0 };
  if (!Array.isArray(first) || (expression as readonly Expression[]).length !== 1) {
    throw notAColumn();
  }
  let others = 0;
  let gaps = 0;
  for (let row = 0; row < first.length; row++) {
    if (isScalar(first[row])) continue;
    others++;
    if (isGap(first[row])) gaps++;
  }
  return { key, expression, cells: first, isPlain: others === 0, gaps };
}

/** The number of records. A first column that is a table is decoded for that. */
function rowsOf([first]: readonly ReceivedColumn[], cx: DocumentContext): number {
  if (!first) throw unevenColumns();
  first.cells ??= recordsIn(first, cx);
  return first.cells.length;
}

/** The records of a column that is a table. */
function recordsIn({ key, expression }: ReceivedColumn, cx: DocumentContext): readonly object[] {
  const records = isReachableKey(key)
    ? cx.decode(expression, {}, key)
    : cx.dropped(expression, key, true);
  return records as readonly object[];
}

function decodeColumn(
  column: ReceivedColumn,
  records: readonly Record<string, unknown>[],
  cx: DocumentContext,
): void {
  const { key, cells, isPlain } = column;
  if (!cells) fillIn(records, key, recordsIn(column, cx));
  else if (isPlain) return;
  else if (isReachableKey(key)) decodeCells(records, key, cells, cx);
  else for (const cell of cells) if (!isGap(cell)) cx.dropped(cell, key);
}

function decodeCells(
  records: readonly Record<string, unknown>[],
  key: string,
  cells: readonly Expression[],
  cx: DocumentContext,
): void {
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (!isScalar(cell) && !isGap(cell)) cx.cell(records[row]!, key);
  }
}

/** Puts the records of a column that is a table into those of the table around it. */
function fillIn(
  records: readonly Record<string, unknown>[],
  key: string,
  inner: readonly object[],
): void {
  if (inner.length !== records.length) throw unevenColumns();
  if (!isReachableKey(key)) return;
  for (let row = 0; row < inner.length; row++) records[row]![key] = inner[row];
}
