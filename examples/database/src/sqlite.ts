/** The part of an SQLite database that the example needs. `node:sqlite` and `libsql` have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

/** A prepared statement. */
export interface SqliteStatement {
  all(...values: (string | number)[]): unknown[];
  run(...values: (string | number)[]): {
    changes: number | bigint;
    lastInsertRowid: number | bigint;
  };
}

type DatabaseClass = new (path: string) => SqliteDatabase;

/** The SQLite of Node, or that of the package `libsql` in Node 20, which has none. */
export async function findSqlite(): Promise<DatabaseClass> {
  try {
    // Only newer type definitions have the module.
    const name: string = "node:sqlite";
    return (await import(name)).DatabaseSync;
  } catch {
    return (await import("libsql")).default as unknown as DatabaseClass;
  }
}
