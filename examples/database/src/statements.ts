import type { TableSchema } from "./schema.ts";

/**
 * Makes the SQL of one table. All names in it are those of the schema, and all values are
 * parameters. Every statement has the columns of the scope as conditions.
 */
export class Statements {
  readonly #table: string;
  readonly #columns: string;
  readonly #scope: readonly string[];

  /** @param scope the columns whose values a statement gets first */
  constructor(table: TableSchema, scope: readonly string[]) {
    this.#table = table.name;
    this.#columns = [...table.columns.keys()].join(", ");
    this.#scope = scope;
  }

  /** Selects rows. The parameters are those of the scope, of `columns`, and the limit. */
  select(columns: readonly string[], order: string): string {
    return `SELECT ${this.#columns} FROM ${this.#table} WHERE ${this.#conditions(columns)}
      ORDER BY ${order} LIMIT ?`;
  }

  /** Selects rows by their ids. The parameters are those of the scope, and a list as JSON. */
  selectByIds(): string {
    return `SELECT ${this.#columns} FROM ${this.#table} WHERE ${this.#conditions([])}
      AND id IN (SELECT value FROM json_each(?))`;
  }

  /** Inserts a row. The parameters are those of the scope and of `columns`. */
  insert(columns: readonly string[]): string {
    const names = [...this.#scope, ...columns];
    return `INSERT INTO ${this.#table} (${names.join(", ")})
      VALUES (${names.map(() => "?").join(", ")})`;
  }

  /** Updates a row. The parameters are those of `columns`, of the scope, and the id. */
  update(columns: readonly string[]): string {
    return `UPDATE ${this.#table} SET ${columns.map((name) => `${name} = ?`).join(", ")}
      WHERE ${this.#conditions(["id"])}`;
  }

  /** Deletes a row. The parameters are those of the scope, and the id. */
  remove(): string {
    return `DELETE FROM ${this.#table} WHERE ${this.#conditions(["id"])}`;
  }

  #conditions(columns: readonly string[]): string {
    return [...this.#scope, ...columns].map((name) => `${name} = ?`).join(" AND ");
  }
}
