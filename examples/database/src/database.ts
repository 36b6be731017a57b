import { breakStub, RpcError } from "@capnweb/core";
import { Connection } from "./connection.ts";
import { PoolExecutor } from "./executor.ts";
import {
  OpenTransaction,
  type TransactionMode,
  type TransactionTimes,
} from "./open-transaction.ts";
import { type Lease, Pool } from "./pool.ts";
import { DEFINITIONS } from "./schema.ts";
import { findSqlite } from "./sqlite.ts";
import type { Scope } from "./table.ts";
import { Transaction } from "./transaction.ts";

const READERS = 4;
/** Fewer than the readers, so that no tenant keeps out the others. */
const MOST_TRANSACTIONS = 2;
const MOST_WAITING = 1_000;

const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA foreign_keys = ON;
`;

/** Settings of the database. */
export interface DatabaseOptions {
  /** The times of transactions. Default 5 and 30 seconds. */
  times?: TransactionTimes | undefined;
}

/** A database with its connections: several that read, and the one that may write. */
export class Database implements Disposable {
  /** The connections outside of transactions. */
  readonly executor: PoolExecutor;
  readonly #readers: Pool;
  readonly #writers: Pool;
  readonly #times: TransactionTimes;
  /** The transactions of each tenant, with those that wait for a connection. */
  readonly #transactions = new Map<string, number>();
  /** The transactions that have a connection. */
  readonly #open = new Set<OpenTransaction>();

  private constructor(readers: Pool, writers: Pool, times: TransactionTimes) {
    this.#readers = readers;
    this.#writers = writers;
    this.#times = times;
    this.executor = new PoolExecutor(readers, writers);
  }

  /** Makes a new database in a file. */
  static async create(path: string, { times }: DatabaseOptions = {}): Promise<Database> {
    const Sqlite = await findSqlite();
    const connect = (settings: string) => {
      const connection = new Connection(new Sqlite(path));
      connection.control(settings);
      return connection;
    };
    const writer = connect(SETTINGS + DEFINITIONS);
    const readers = Array.from({ length: READERS }, () => connect("PRAGMA query_only = ON"));
    return new Database(
      new Pool(readers, MOST_WAITING),
      new Pool([writer], MOST_WAITING),
      times ?? { idle: 5_000, total: 30_000 },
    );
  }

  /** The number of statements that were run. */
  get queries(): number {
    return this.#readers.queries + this.#writers.queries;
  }

  /**
   * Begins a transaction, as soon as there is a connection for it.
   *
   * @param scope the rows of the tenant
   * @param signal ends the wait
   * @throws RpcError if the tenant has too many transactions
   */
  async begin(
    tenant: string,
    scope: Scope,
    mode: TransactionMode,
    signal: AbortSignal,
  ): Promise<Transaction> {
    this.#enter(tenant);
    let lease: Lease | undefined;
    try {
      lease = await (mode === "write" ? this.#writers : this.#readers).take(signal);
      const open = new OpenTransaction(lease, mode, this.#times, (reason) => {
        this.#leave(tenant);
        this.#open.delete(open);
        // Holders that don't call learn of it too.
        breakStub(transaction, reason);
      });
      this.#open.add(open);
      const transaction = new Transaction(open, scope);
      return transaction;
    } catch (error) {
      lease?.[Symbol.dispose]();
      this.#leave(tenant);
      throw error;
    }
  }

  /** Rolls all transactions back, and closes the connections. */
  [Symbol.dispose](): void {
    const reason = new RpcError("The database was closed.", { code: "OVER" });
    for (const open of [...this.#open]) open.rollback(reason);
    this.#readers[Symbol.dispose]();
    this.#writers[Symbol.dispose]();
  }

  #enter(tenant: string): void {
    const count = this.#transactions.get(tenant) ?? 0;
    if (count >= MOST_TRANSACTIONS) {
      throw new RpcError(`You have ${count} transactions. End one of them first.`, {
        code: "TOO_MANY_TRANSACTIONS",
      });
    }
    this.#transactions.set(tenant, count + 1);
  }

  #leave(tenant: string): void {
    const count = this.#transactions.get(tenant)! - 1;
    if (count > 0) this.#transactions.set(tenant, count);
    else this.#transactions.delete(tenant);
  }
}
