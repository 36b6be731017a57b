import { RpcTarget } from "@capnweb/core";

/** The number of a shop's orders. */
export const ORDERS = 20;

class Manager extends RpcTarget {
  notify(order: number): string {
    return `notified of ${order}`;
  }
}

class Customer extends RpcTarget {
  readonly #id: number;

  constructor(id: number) {
    super();
    this.#id = id;
  }

  vip(): boolean {
    return this.#id % 2 === 0;
  }

  manager(): Manager {
    return new Manager();
  }
}

/** A main object whose answers lead to the next questions. */
export class Shop extends RpcTarget {
  orders(): { id: number; customer: number; age: number }[] {
    return Array.from({ length: ORDERS }, (_, id) => ({ id, customer: id, age: 10 * id }));
  }

  customer(id: number): Customer {
    return new Customer(id);
  }
}
