import { type RpcStub, RpcTarget } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import type { Order, Orders } from "./orders.ts";
import { logDeadline, serve, toService } from "./service.ts";
import { startTelemetry } from "./telemetry.ts";
import type { Users } from "./users.ts";

/** The data of a user's page. */
export interface Overview {
  name: string;
  orders: Order[];
}

/** The main object of the service, which clients get. It hands on what belongs to others. */
export class Gateway extends RpcTarget {
  readonly #users: RpcStub<Users>;
  readonly #orders: RpcStub<Orders>;

  constructor(users: RpcStub<Users>, orders: RpcStub<Orders>) {
    super();
    this.#users = users;
    this.#orders = orders;
  }

  async overview(userId: number): Promise<Overview> {
    logDeadline("gateway.overview");
    const [{ name }, orders] = await Promise.all([
      this.#users.find(userId),
      this.#orders.recent(userId),
    ]);
    return { name, orders };
  }

  async report(): Promise<string> {
    return await this.#orders.report();
  }

  async archive(userId: number, confirm: RpcStub<() => Promise<boolean>>): Promise<number> {
    return await this.#orders.archive(userId, confirm);
  }
}

const telemetry = startTelemetry("gateway");
const users = connect<Users>(toService(process.env["USERS_URL"], telemetry));
const orders = connect<Orders>(toService(process.env["ORDERS_URL"], telemetry));
await serve(() => new Gateway(users.api, orders.api), telemetry, [users, orders]);
