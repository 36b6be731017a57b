/**
 * A store of revocations in an SQLite file.
 *
 * @packageDocumentation
 */

export { openSqliteStore } from "./open.ts";
export { type SqliteDatabase, SqliteRevocationStore } from "./store.ts";
