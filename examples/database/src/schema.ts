import { RpcError } from "@capnweb/core";

/** A customer of a tenant. */
export interface Customer {
  id: number;
  name: string;
  city: string;
}

/** An order of a customer. */
export interface Order {
  id: number;
  customer: number;
  item: string;
  /** In cents. */
  amount: number;
  status: string;
}

/** A value of a column. */
export type Value = string | number;

type ColumnType = "integer" | "text";

/** A table as clients see it. The column of the tenant isn't in it, so no client can name it. */
export interface TableSchema {
  readonly name: string;
  readonly columns: ReadonlyMap<string, ColumnType>;
}

export const CUSTOMERS: TableSchema = {
  name: "customers",
  columns: new Map([
    ["id", "integer"],
    ["name", "text"],
    ["city", "text"],
  ]),
};

export const ORDERS: TableSchema = {
  name: "orders",
  columns: new Map([
    ["id", "integer"],
    ["customer", "integer"],
    ["item", "text"],
    ["amount", "integer"],
    ["status", "text"],
  ]),
};

/** The tables. An order can only refer to a customer of its own tenant. */
export const DEFINITIONS = `
  CREATE TABLE customers (
    id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL, city TEXT NOT NULL,
    UNIQUE (tenant, id)
  );
  CREATE TABLE orders (
    id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, customer INTEGER NOT NULL, item TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0), status TEXT NOT NULL,
    FOREIGN KEY (tenant, customer) REFERENCES customers (tenant, id)
  );
  CREATE INDEX orders_of_tenants ON orders (tenant, id);
`;

const LONGEST_TEXT = 10_000;

/**
 * Checks values of columns, which a client has sent. Only the names of the schema pass, so they may
 * stand in SQL. The values never do.
 *
 * @throws RpcError if a column doesn't exist, or a value has another type
 */
export function checkedValues(table: TableSchema, values: unknown): [string, Value][] {
  if (typeof values !== "object" || values === null) throw invalid("Expected columns with values.");
  return Object.entries(values).map(([name, value]) => [name, checkedValue(table, name, value)]);
}

/** Checks the value of one column, as {@link checkedValues} does. */
export function checkedValue(table: TableSchema, column: string, value: unknown): Value {
  if (table.columns.get(checkedColumn(table, column)) === "integer") {
    if (Number.isSafeInteger(value)) return value as number;
    throw invalid(`${table.name}.${column} must be an integer.`);
  }
  // SQLite ends a text at U+0000, and half of a surrogate pair can't be stored.
  const isText = typeof value === "string" && !value.includes("\0") && isWellFormed(value);
  if (isText && value.length <= LONGEST_TEXT) return value;
  throw invalid(`${table.name}.${column} must be a text of up to ${LONGEST_TEXT} characters.`);
}

function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

/** Checks the name of a column, which a client has sent. */
export function checkedColumn(table: TableSchema, name: unknown): string {
  if (typeof name === "string" && table.columns.has(name)) return name;
  throw invalid(`The table ${table.name} has no such column.`);
}

/** The error for an argument that can't be accepted. */
export function invalid(message: string): RpcError {
  return new RpcError(message, { code: "INVALID" });
}
