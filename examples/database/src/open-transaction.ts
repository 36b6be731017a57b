import { RpcError } from "@capnweb/core";
import type { Connection } from "./connection.ts";
import type { Executor } from "./executor.ts";
import type { Lease } from "./pool.ts";
import { invalid } from "./schema.ts";

/** The times after which a transaction is rolled back, in milliseconds. */
export interface TransactionTimes {
  /** From one operation to the next. */
  readonly idle: number;
  /** From the beginning to the end, because a client could go on for ever. */
  readonly total: number;
}

/** The kinds of transactions. Those that write have their turn one after the other. */
export type TransactionMode = "read" | "write";

/** A transaction on a connection of its own, which always ends: by its holder, or by the time. */
export class OpenTransaction implements Executor {
  readonly isShared = false;
  readonly #lease: Lease;
  readonly #mode: TransactionMode;
  readonly #onEnd: (reason: Error) => void;
  readonly #idle: NodeJS.Timeout;
  readonly #total: NodeJS.Timeout;
  #end: Error | undefined;
  #failure: unknown;

  /**
   * @param lease the transaction owns it
   * @param onEnd called once, with the error of later operations
   */
  constructor(
    lease: Lease,
    mode: TransactionMode,
    times: TransactionTimes,
    onEnd: (reason: Error) => void,
  ) {
    this.#lease = lease;
    this.#mode = mode;
    this.#onEnd = onEnd;
    lease.connection.control(mode === "write" ? "BEGIN IMMEDIATE" : "BEGIN");
    const late = (text: string) => () => {
      const reason = new RpcError(`The transaction was rolled back ${text}.`, { code: "LATE" });
      try {
        this.rollback(reason);
      } catch (error) {
        // An error in a timer would end the process. A full disk has rolled it back already.
        console.error(error);
      }
    };
    this.#idle = setTimeout(late(`after ${times.idle} ms without an operation`), times.idle);
    this.#total = setTimeout(late(`after ${times.total} ms`), times.total);
  }

  async read<T>(work: (connection: Connection) => T): Promise<T> {
    return this.#run(work);
  }

  async write<T>(work: (connection: Connection) => T): Promise<T> {
    if (this.#mode === "read") throw invalid("This transaction only reads.");
    return this.#run(work);
  }

  /**
   * Makes the changes last.
   *
   * @throws RpcError if an operation has failed. A client that sends its operations and the commit
   *   together can't know that yet, and would commit a part
   */
  commit(): void {
    this.#check();
    if (this.#failure) {
      this.rollback();
      throw new RpcError("The transaction was rolled back, because an operation has failed.", {
        code: "FAILED",
        cause: this.#failure,
      });
    }
    this.#lease.connection.control("COMMIT");
    this.#finish(over("committed"));
  }

  /** Undoes the changes, unless the transaction is over. */
  rollback(reason: Error = over("rolled back")): void {
    if (this.#end) return;
    try {
      this.#lease.connection.control("ROLLBACK");
    } finally {
      this.#finish(reason);
    }
  }

  #run<T>(work: (connection: Connection) => T): T {
    this.#check();
    this.#idle.refresh();
    try {
      return work(this.#lease.connection);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #check(): void {
    if (this.#end) throw this.#end;
  }

  #finish(reason: Error): void {
    this.#end = reason;
    clearTimeout(this.#idle);
    clearTimeout(this.#total);
    this.#lease[Symbol.dispose]();
    this.#onEnd(reason);
  }
}

function over(how: string): RpcError {
  return new RpcError(`The transaction is over: it was ${how}.`, { code: "OVER" });
}
