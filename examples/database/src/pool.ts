import { RpcError } from "@capnweb/core";
import type { Connection } from "./connection.ts";

/** The right to use a connection, until it is disposed of. */
export interface Lease extends Disposable {
  readonly connection: Connection;
}

/** Connections that calls and transactions take in turn. */
export class Pool implements Disposable {
  readonly #connections: readonly Connection[];
  readonly #free: Connection[];
  readonly #waiting = new Set<(lease: Lease) => void>();
  readonly #maxWaiting: number;

  /**
   * @param connections the pool owns them
   * @param maxWaiting the most that wait for a connection; others are refused
   */
  constructor(connections: readonly Connection[], maxWaiting: number) {
    this.#connections = connections;
    this.#free = [...connections];
    this.#maxWaiting = maxWaiting;
  }

  /** The number of statements that the connections have run. */
  get queries(): number {
    return this.#connections.reduce((sum, { queries }) => sum + queries, 0);
  }

  /**
   * Takes a connection, and waits for one if all are in use. The first that waits gets the first
   * that is free.
   *
   * @param signal ends the wait, because the caller has left, for instance
   * @throws RpcError if too many wait already; the reason of the signal
   */
  async take(signal: AbortSignal): Promise<Lease> {
    signal.throwIfAborted();
    const connection = this.#free.pop();
    if (connection) return this.#lease(connection);
    if (this.#waiting.size >= this.#maxWaiting) {
      throw new RpcError("The database is busy. Try again later.", { code: "BUSY" });
    }
    return await new Promise<Lease>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.delete(onLease);
        reject(signal.reason);
      };
      const onLease = (lease: Lease) => {
        signal.removeEventListener("abort", onAbort);
        resolve(lease);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.add(onLease);
    });
  }

  /** Closes the connections, also those in use. */
  [Symbol.dispose](): void {
    for (const connection of this.#connections) connection.close();
  }

  #lease(connection: Connection): Lease {
    let isOver = false;
    return {
      connection,
      [Symbol.dispose]: () => {
        if (isOver) return;
        isOver = true;
        this.#giveBack(connection);
      },
    };
  }

  #giveBack(connection: Connection): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free.push(connection);
      return;
    }
    this.#waiting.delete(next);
    next(this.#lease(connection));
  }
}
