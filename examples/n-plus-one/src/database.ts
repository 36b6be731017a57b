import Libsql from "libsql";

/** A database of people in memory, which counts the queries. */
export class People {
  readonly #database = new Libsql(":memory:");
  /** The queries that were made. */
  queries = 0;

  /** @param count the number of people, whose ids are 1 to `count` */
  constructor(count: number) {
    this.#database.exec("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
    const add = this.#database.prepare("INSERT INTO people (id, name) VALUES (?, ?)");
    this.#database.exec("BEGIN");
    for (let id = 1; id <= count; id++) add.run(id, `person ${id}`);
    this.#database.exec("COMMIT");
  }

  ids(): number[] {
    const rows = this.#query("SELECT id FROM people ORDER BY id");
    return rows.map(({ id }) => Number(id));
  }

  name(id: number): string {
    const [row] = this.#query("SELECT name FROM people WHERE id = ?", id);
    if (!row) throw new Error(`There is no person ${id}.`);
    return String(row["name"]);
  }

  /** The names of people, in the order of their ids. */
  names(ids: readonly number[]): (string | Error)[] {
    const places = ids.map(() => "?").join();
    const rows = this.#query(`SELECT id, name FROM people WHERE id IN (${places})`, ...ids);
    const names = new Map(rows.map(({ id, name }) => [Number(id), String(name)]));
    return ids.map((id) => names.get(id) ?? new Error(`There is no person ${id}.`));
  }

  #query(sql: string, ...values: number[]): Record<string, unknown>[] {
    this.queries++;
    return this.#database.prepare(sql).all(...values) as Record<string, unknown>[];
  }
}
