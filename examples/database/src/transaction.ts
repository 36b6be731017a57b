import { RpcTarget } from "@capnweb/core";
import type { OpenTransaction } from "./open-transaction.ts";
import { CUSTOMERS, type Customer, ORDERS, type Order } from "./schema.ts";
import { type Scope, Table } from "./table.ts";

/**
 * A transaction, for the holder of its stub. Whatever ends the stub without a commit rolls it back:
 * a disposal, the end of the session, or the time.
 */
export class Transaction extends RpcTarget {
  readonly #open: OpenTransaction;
  readonly #scope: Scope;

  constructor(open: OpenTransaction, scope: Scope) {
    super();
    this.#open = open;
    this.#scope = scope;
  }

  customers(): Table<Customer> {
    return new Table<Customer>(CUSTOMERS, this.#scope, this.#open);
  }

  orders(): Table<Order> {
    return new Table<Order>(ORDERS, this.#scope, this.#open);
  }

  /**
   * Makes the changes last.
   *
   * @param _results results of operations that the commit waits for. Operations of the same turn
   *   run before it, unless they wait for arguments themselves
   */
  commit(_results: readonly (number | boolean)[] = []): void {
    this.#open.commit();
  }

  rollback(): void {
    this.#open.rollback();
  }

  [Symbol.dispose](): void {
    this.#open.rollback();
  }
}
