import Database from "libsql";

export type { Database } from "libsql";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY COLLATE NOCASE, salt BLOB NOT NULL, hash BLOB NOT NULL
  );
  CREATE TABLE IF NOT EXISTS logins (id TEXT PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL, author TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL,
    sent INTEGER NOT NULL,
    UNIQUE (author, id)
  );
  CREATE INDEX IF NOT EXISTS messages_by_room ON messages (room, number);
`;

/**
 * Opens the database of accounts and messages, and creates it if necessary.
 *
 * @param path the path of the file; `":memory:"` for none
 */
export function openDatabase(path: string) {
  const database = new Database(path);
  // A message that was answered is on the disk.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  database.exec(SCHEMA);
  return database;
}
