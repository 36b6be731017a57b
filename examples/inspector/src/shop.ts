import { setTimeout as delay } from "node:timers/promises";
import { RpcTarget } from "@capnweb/core";

/** The things in a cart. */
export class Cart extends RpcTarget {
  readonly #items: string[] = [];

  add(item: string): number {
    return this.#items.push(item);
  }

  total(): number {
    return this.#items.length * 9.5;
  }
}

/** A user who has logged in. */
export class Account extends RpcTarget {
  readonly #name: string;

  constructor(name: string) {
    super();
    this.#name = name;
  }

  profile(): { id: string; name: string } {
    return { id: `user-${this.#name.toLowerCase()}`, name: this.#name };
  }

  openCart(): Cart {
    return new Cart();
  }
}

/** A shop with four faults for the inspector to find. The client's are in visit.ts. */
export class Shop extends RpcTarget {
  login(name: string): Account {
    return new Account(name);
  }

  products(): readonly string[] {
    return ["apple", "pear", "quince"];
  }

  ordersOf(id: string): { id: string; orders: readonly number[] } {
    return { id, orders: [1, 2, 3] };
  }

  /** Slow: it looks at every order there ever was. */
  async recommend(product: string): Promise<string> {
    await delay(180);
    return `People who bought ${product} also bought quince.`;
  }

  /** Fails, and the client doesn't await it. */
  async track(event: string): Promise<void> {
    throw new Error(`The table of events is full: ${event}`);
  }

  /** Answers with an error that the client handles. */
  redeem(code: string): never {
    throw new RangeError(`The code ${code} has expired.`);
  }

  /** A stream of prices. */
  prices(): ReadableStream<number> {
    let price = 0;
    return new ReadableStream({
      async pull(controller) {
        await delay(5);
        if (++price > 40) controller.close();
        else controller.enqueue(price);
      },
    });
  }
}
