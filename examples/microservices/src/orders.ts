import { setTimeout as wait } from "node:timers/promises";
import { currentCall, type RpcStub, RpcTarget } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import { logDeadline, serve, toService } from "./service.ts";
import { startTelemetry } from "./telemetry.ts";
import type { Users } from "./users.ts";

/** An order with its price in cents. */
export interface Order {
  item: string;
  price: number;
}

const ORDERS = new Map<number, Order[]>([
  [
    1,
    [
      { item: "punched cards", price: 2_000 },
      { item: "gear", price: 500 },
    ],
  ],
]);

/** The main object of the service. */
export class Orders extends RpcTarget {
  readonly #users: RpcStub<Users>;

  constructor(users: RpcStub<Users>) {
    super();
    this.#users = users;
  }

  /** The orders of a user, at the user's prices. */
  async recent(userId: number): Promise<Order[]> {
    logDeadline("orders.recent");
    const discount = await this.#users.discount(userId);
    const orders = ORDERS.get(userId) ?? [];
    return orders.map(({ item, price }) => ({ item, price: (price * (100 - discount)) / 100 }));
  }

  /** Takes longer than its callers wait, unless they have no deadline. */
  async report(): Promise<string> {
    const { signal } = currentCall();
    try {
      await wait(60_000, undefined, { signal });
      return "all orders of the year";
    } catch {
      console.log("orders.report: given up, because its caller waits no longer");
      throw signal.reason;
    }
  }

  /** Archives the orders of a user, if the caller confirms it. */
  async archive(userId: number, confirm: () => Promise<boolean>): Promise<number> {
    const isConfirmed = await confirm();
    return isConfirmed ? (ORDERS.get(userId) ?? []).length : 0;
  }
}

const telemetry = startTelemetry("orders");
const users = connect<Users>(toService(process.env["USERS_URL"], telemetry));
await serve(() => new Orders(users.api), telemetry, [users]);
