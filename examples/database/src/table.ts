import { currentCall, RpcTarget } from "@capnweb/core";
import { batched } from "@capnweb/plan/batched";
import type { Executor } from "./executor.ts";
import {
  checkedColumn,
  checkedValue,
  checkedValues,
  invalid,
  type TableSchema,
  type Value,
} from "./schema.ts";
import { Statements } from "./statements.ts";

const MOST_ROWS = 1_000;

/** The columns of rows that a table is limited to, with their values. */
export type Scope = ReadonlyMap<string, Value>;

/** Options of {@link Table.list}. */
export interface ListOptions<Row> {
  /** Only rows with these values. */
  where?: Partial<Row>;
  /** The column that the rows are ordered by. Default `"id"`. */
  orderBy?: keyof Row & string;
  /** The most rows. Default, and at most, 1,000. */
  limit?: number;
}

/**
 * The rows of a table that are in a scope. To the holder, there are no others: it can neither read
 * nor change them, whatever ids it knows.
 */
export class Table<Row extends { id: number }> extends RpcTarget {
  readonly #schema: TableSchema;
  readonly #scope: Scope;
  readonly #executor: Executor;
  readonly #statements: Statements;
  readonly #get: (id: number) => Promise<Row | undefined>;

  constructor(schema: TableSchema, scope: Scope, executor: Executor) {
    super();
    this.#schema = schema;
    this.#scope = scope;
    this.#executor = executor;
    this.#statements = new Statements(schema, [...scope.keys()]);
    this.#get = executor.isShared
      ? batched((ids: number[], { signal }) => this.#rowsOf(ids, signal))
      : async (id) => (await this.#rowsOf([id], currentCall().signal))[0];
  }

  /** The row with an id. Calls that arrive together, as those of a `map()`, share one query. */
  async get(id: number): Promise<Row | undefined> {
    return await this.#get(checkedValue(this.#schema, "id", id) as number);
  }

  async list(options: ListOptions<Row> = {}): Promise<Row[]> {
    return await this.#executor.read((connection) => {
      const { where = {}, orderBy = "id", limit = MOST_ROWS } = options;
      const conditions = checkedValues(this.#schema, where);
      const columns = conditions.map(([name]) => name);
      const sql = this.#statements.select(columns, checkedColumn(this.#schema, orderBy));
      const values = conditions.map(([, value]) => value);
      return connection.all(sql, [...this.#scope.values(), ...values, limitFrom(limit)]) as Row[];
    }, currentCall().signal);
  }

  /** Inserts a row with the values of the scope, and returns its id. */
  async insert(row: Omit<Partial<Row>, "id">): Promise<number> {
    return await this.#executor.write((connection) => {
      if (this.#scope.has("id")) throw invalid("This scope is a single row.");
      const entries = this.#changes(row);
      const sql = this.#statements.insert(entries.map(([name]) => name));
      const values = entries.map(([, value]) => value);
      return connection.run(sql, [...this.#scope.values(), ...values]).lastId;
    }, currentCall().signal);
  }

  /** Changes a row. Returns false if there is none with the id. */
  async update(id: number, changes: Omit<Partial<Row>, "id">): Promise<boolean> {
    return await this.#executor.write((connection) => {
      const entries = this.#changes(changes);
      if (entries.length === 0) throw invalid("Expected a change.");
      const sql = this.#statements.update(entries.map(([name]) => name));
      const values = entries.map(([, value]) => value);
      return connection.run(sql, [...values, ...this.#keyOf(id)]).changes > 0;
    }, currentCall().signal);
  }

  /** Removes a row. Returns false if there is none with the id. */
  async remove(id: number): Promise<boolean> {
    return await this.#executor.write(
      (connection) => connection.run(this.#statements.remove(), this.#keyOf(id)).changes > 0,
      currentCall().signal,
    );
  }

  /** The rows of this table that have these values, as a capability that can be handed on. */
  where(values: Partial<Row>): Table<Row> {
    const added = checkedValues(this.#schema, values);
    for (const [name, value] of added) this.#refuseOtherScope(name, value);
    return new Table(this.#schema, new Map([...this.#scope, ...added]), this.#executor);
  }

  async #rowsOf(ids: readonly number[], signal: AbortSignal): Promise<(Row | undefined)[]> {
    const sql = this.#statements.selectByIds();
    const values = [...this.#scope.values(), JSON.stringify(ids)];
    const rows = await this.#executor.read((connection) => connection.all(sql, values), signal);
    const byId = new Map(rows.map((row) => [row["id"], row as Row]));
    return ids.map((id) => byId.get(id));
  }

  /** The columns to write. Those of the scope have its values, and the id is the database's. */
  #changes(values: unknown): [string, Value][] {
    return checkedValues(this.#schema, values).filter(([name, value]) => {
      if (name === "id") throw invalid("An id can't be chosen or changed.");
      this.#refuseOtherScope(name, value);
      return !this.#scope.has(name);
    });
  }

  #refuseOtherScope(name: string, value: Value): void {
    const fixed = this.#scope.get(name);
    if (fixed === undefined || fixed === value) return;
    throw invalid(`In this scope, ${this.#schema.name}.${name} is always ${fixed}.`);
  }

  #keyOf(id: number): Value[] {
    return [...this.#scope.values(), checkedValue(this.#schema, "id", id)];
  }
}

function limitFrom(limit: unknown): number {
  if (Number.isSafeInteger(limit) && Number(limit) > 0) return Math.min(Number(limit), MOST_ROWS);
  throw invalid("A limit must be a positive integer.");
}
