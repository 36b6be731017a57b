import type { RevocationStore, Revocations } from "../revocation-store.ts";

/**
 * The part of an SQLite database that the store needs. The databases of `node:sqlite`,
 * `bun:sqlite`, `better-sqlite3` and `libsql` have it.
 */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

interface SqliteStatement {
  run(...values: any[]): unknown;
  get(...values: any[]): unknown;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS capnweb_revoked_tokens (
    id TEXT PRIMARY KEY, expires REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS capnweb_owner_generations (
    owner TEXT PRIMARY KEY, generation INTEGER NOT NULL, expires REAL NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS capnweb_revoked_tokens_expires ON capnweb_revoked_tokens (expires);
  CREATE INDEX IF NOT EXISTS capnweb_owner_generations_expires
    ON capnweb_owner_generations (expires);
`;

/** The value of `Infinity` in the file: some of the databases refuse that number. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Remembers revocations in an SQLite database, which several processes of a machine may share. They
 * outlive restarts. The settings of the database decide whether they outlive a loss of power, and
 * how long a process waits for another: set `synchronous` and `busy_timeout` as `openSqliteStore()`
 * does.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from "node:sqlite";
 * const store = new SqliteRevocationStore(new DatabaseSync("revocations.db"));
 * ```
 */
export class SqliteRevocationStore implements RevocationStore, Disposable {
  readonly #database: SqliteDatabase;
  readonly #findToken: SqliteStatement;
  readonly #findOwner: SqliteStatement;
  readonly #revokeToken: SqliteStatement;
  readonly #revokeOwner: SqliteStatement;
  readonly #forget: readonly SqliteStatement[];

  /**
   * @param database the store creates its tables in it, whose names begin with `capnweb_`, and owns
   *   it
   */
  constructor(database: SqliteDatabase) {
    database.exec(SCHEMA);
    this.#database = database;
    this.#findToken = database.prepare("SELECT 1 FROM capnweb_revoked_tokens WHERE id = ?");
    this.#findOwner = database.prepare(
      "SELECT generation FROM capnweb_owner_generations WHERE owner = ?",
    );
    this.#revokeToken = database.prepare(
      `INSERT INTO capnweb_revoked_tokens (id, expires) VALUES (?, ?)
       ON CONFLICT (id) DO UPDATE SET expires = max(expires, excluded.expires)`,
    );
    this.#revokeOwner = database.prepare(
      `INSERT INTO capnweb_owner_generations (owner, generation, expires) VALUES (?, ?, ?)
       ON CONFLICT (owner) DO UPDATE SET
         generation = max(generation + 1, excluded.generation),
         expires = max(expires, excluded.expires)`,
    );
    this.#forget = ["capnweb_revoked_tokens", "capnweb_owner_generations"].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE expires <= ?`),
    );
  }

  find(tokenId: string | undefined, owner: string | undefined): Revocations {
    const token = tokenId === undefined ? undefined : this.#findToken.get(tokenId);
    const row = owner === undefined ? undefined : this.#findOwner.get(owner);
    return {
      // Some of the databases return null for no row, others undefined.
      isRevoked: token != null,
      generation: Number((row as { generation?: unknown } | null | undefined)?.generation ?? 0),
    };
  }

  revokeToken(tokenId: string, expires: number, now: number): void {
    this.#revokeToken.run(tokenId, Math.min(expires, NEVER));
    this.#forgetExpired(now);
  }

  revokeOwner(owner: string, expires: number, now: number): void {
    this.#revokeOwner.run(owner, now, Math.min(expires, NEVER));
    this.#forgetExpired(now);
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#database.close();
  }

  #forgetExpired(now: number): void {
    for (const statement of this.#forget) statement.run(now);
  }
}
