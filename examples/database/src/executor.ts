import type { Connection } from "./connection.ts";
import type { Pool } from "./pool.ts";

/** The place where the statements of a table run: any connection, or that of a transaction. */
export interface Executor {
  /** True if each statement is a transaction of its own, so that reads may be put together. */
  readonly isShared: boolean;
  /** Runs statements that only read. */
  read<T>(work: (connection: Connection) => T, signal: AbortSignal): Promise<T>;
  /** Runs statements that change rows. */
  write<T>(work: (connection: Connection) => T, signal: AbortSignal): Promise<T>;
}

/** Runs each piece of work by itself, on a connection of the pools. */
export class PoolExecutor implements Executor {
  readonly isShared = true;
  readonly #readers: Pool;
  readonly #writers: Pool;

  constructor(readers: Pool, writers: Pool) {
    this.#readers = readers;
    this.#writers = writers;
  }

  async read<T>(work: (connection: Connection) => T, signal: AbortSignal): Promise<T> {
    using lease = await this.#readers.take(signal);
    return work(lease.connection);
  }

  async write<T>(work: (connection: Connection) => T, signal: AbortSignal): Promise<T> {
    using lease = await this.#writers.take(signal);
    return work(lease.connection);
  }
}
