import { type SqliteDatabase, SqliteRevocationStore } from "./store.ts";

/**
 * Processes read while another one writes, and wait for one another. A revocation is on the disk
 * before its promise resolves.
 */
const SETTINGS = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
`;

type DatabaseClass = new (path: string) => SqliteDatabase;

/**
 * Opens a store of revocations in a file, and creates the file if necessary. Uses the SQLite of the
 * runtime: `bun:sqlite` in Bun, and `node:sqlite` in Deno and in Node from version 22.13.
 * Elsewhere, such as in Node 20, install the package `libsql`, or hand the database of another
 * package to {@link SqliteRevocationStore}.
 *
 * @param path the path of the file; `":memory:"` for none
 * @throws Error if there is no SQLite, or the file can't be opened
 */
export async function openSqliteStore(path: string): Promise<SqliteRevocationStore> {
  const Database = await findDatabase();
  const database = new Database(path);
  try {
    database.exec(SETTINGS);
    return new SqliteRevocationStore(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

async function findDatabase(): Promise<DatabaseClass> {
  if ("Bun" in globalThis) return (await load("bun:sqlite"))["Database"]!;
  try {
    return (await load("node:sqlite"))["DatabaseSync"]!;
  } catch {
    // An older version of Node.
  }
  try {
    return (await import("libsql")).default as unknown as DatabaseClass;
  } catch (error) {
    throw new Error(
      "This runtime has no SQLite. Install the package libsql, or pass the database of another " +
        "package to new SqliteRevocationStore().",
      { cause: error },
    );
  }
}

/** Imports a module that only some runtimes have, so bundlers must not look for it. */
function load(name: string): Promise<Record<string, DatabaseClass>> {
  return import(name);
}
