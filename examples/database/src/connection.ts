import { RpcError } from "@capnweb/core";
import type { Value } from "./schema.ts";
import type { SqliteDatabase, SqliteStatement } from "./sqlite.ts";

/** More are only needed if clients combine columns in ever new ways. */
const MOST_STATEMENTS = 100;

/** A row of a result. */
export type Row = Record<string, unknown>;

/** A connection to the database, which prepares each statement once. */
export class Connection {
  readonly #database: SqliteDatabase;
  /** The statement that was used last is at the end. */
  readonly #statements = new Map<string, SqliteStatement>();
  /** The number of statements that were run, without those of transactions. */
  queries = 0;

  /** @param database the connection owns it */
  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  /** Runs `BEGIN`, `COMMIT` or `ROLLBACK`, or the statements of the setup. */
  control(sql: string): void {
    this.#database.exec(sql);
  }

  /** All rows of a result. */
  all(sql: string, values: readonly Value[]): Row[] {
    this.queries++;
    // Rows of node:sqlite have no prototype.
    return this.#prepare(sql)
      .all(...values)
      .map((row) => ({ ...(row as Row) }));
  }

  /**
   * Changes rows.
   *
   * @throws RpcError if a constraint of the tables refuses the change
   */
  run(sql: string, values: readonly Value[]): { changes: number; lastId: number } {
    this.queries++;
    try {
      const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    } catch (cause) {
      const { message } = cause as Error;
      if (!message.includes("constraint failed")) throw cause;
      throw new RpcError(message, { code: "CONSTRAINT", cause });
    }
  }

  close(): void {
    this.#database.close();
  }

  #prepare(sql: string): SqliteStatement {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    if (this.#statements.size > MOST_STATEMENTS) {
      const [oldest] = this.#statements.keys();
      this.#statements.delete(oldest!);
    }
    return statement;
  }
}
