import { currentCall, RpcError, RpcTarget } from "@capnweb/core";
import type { Database } from "./database.ts";
import type { TransactionMode } from "./open-transaction.ts";
import { CUSTOMERS, type Customer, ORDERS, type Order } from "./schema.ts";
import { type Scope, Table } from "./table.ts";
import type { Transaction } from "./transaction.ts";

/** The tenants by their tokens, in place of a table of accounts. */
const TENANTS = new Map([
  ["token of acme", "acme"],
  ["token of globex", "globex"],
]);

/** The server's main object. */
export class Api extends RpcTarget {
  readonly #database: Database;

  constructor(database: Database) {
    super();
    this.#database = database;
  }

  /** The data of the tenant that has the token. */
  login(token: string): Tenant {
    const tenant = TENANTS.get(token);
    if (tenant === undefined) throw new RpcError("Unknown token.", { code: "UNAUTHORIZED" });
    return new Tenant(this.#database, tenant);
  }
}

/** All data of one tenant. Nothing in reach of its holder leads to another tenant's. */
export class Tenant extends RpcTarget {
  readonly #database: Database;
  readonly #name: string;
  readonly #scope: Scope;

  constructor(database: Database, name: string) {
    super();
    this.#database = database;
    this.#name = name;
    this.#scope = new Map([["tenant", name]]);
  }

  customers(): Table<Customer> {
    return new Table<Customer>(CUSTOMERS, this.#scope, this.#database.executor);
  }

  orders(): Table<Order> {
    return new Table<Order>(ORDERS, this.#scope, this.#database.executor);
  }

  /** Begins a transaction. If it reads only, it sees the data of its first read until its end. */
  async transaction(mode: TransactionMode = "write"): Promise<Transaction> {
    if (mode !== "read" && mode !== "write") throw new TypeError("Expected read or write.");
    const { signal } = currentCall();
    return await this.#database.begin(this.#name, this.#scope, mode, signal);
  }
}
