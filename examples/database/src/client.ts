import type { RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import type { Api, Tenant } from "./api.ts";

const CUSTOMERS = ["Ada", "Bob", "Carol", "Dan"];
const ORDERS = 100;

/** Inserts customers and orders in one transaction, and in one round trip. */
export async function addOrders(tenant: RpcStub<Tenant>): Promise<void> {
  using transaction = tenant.transaction();
  using customers = transaction.customers();
  using orders = transaction.orders();
  const ids = CUSTOMERS.map((name) => customers.insert({ name, city: "Oslo" }));
  const inserted = Array.from({ length: ORDERS }, (_, i) => {
    // The id of a customer that isn't known here yet.
    const customer = ids[i % ids.length]!;
    return orders.insert({ customer, item: `part ${i}`, amount: 100 + i, status: "open" });
  });
  await transaction.commit(inserted);
  console.log(`  ${(await tenant.orders().list()).length} orders`);
}

/** Reads orders, and the customer of each. Neither side has N + 1 of anything. */
export async function readWithNames(tenant: RpcStub<Tenant>): Promise<void> {
  using customers = tenant.customers();
  const rows = await tenant
    .orders()
    .list({ orderBy: "amount" })
    .map((order) => ({ item: order.item, customer: customers.get(order.customer) }));
  const [first] = rows;
  console.log(
    `  ${rows.length} orders; the first one: ${first!.item} for ${first!.customer?.name}`,
  );
}

/** Tries to leave a scope. */
export async function stayInScope(tenant: RpcStub<Tenant>, other: RpcStub<Tenant>): Promise<void> {
  const [order] = await tenant.orders().list({ limit: 1 });
  const theirs = await other.orders().get(order!.id);
  console.log(`  another tenant finds order ${order!.id}: ${theirs !== undefined}`);
  const removed = await other.orders().remove(order!.id);
  console.log(`  another tenant removes it: ${removed}`);
  const injected = { where: { "1 = 1 --": 1 } } as object;
  await report("  SQL for a column", () => tenant.orders().list(injected));

  // A capability for the open orders of one customer, which may be handed on.
  using open = await tenant.orders().where({ customer: order!.customer, status: "open" });
  console.log(`  orders in a narrower scope: ${(await open.list()).length}`);
  await report("  a change that leaves it", () => open.update(order!.id, { status: "paid" }));
}

/** Commits, and loses transactions in all the ways in which they can be lost. */
export async function useTransactions(url: string, tenant: RpcStub<Tenant>): Promise<void> {
  const count = async () => (await tenant.customers().list()).length;
  const customer = { name: "Eve", city: "Rome" };
  {
    using transaction = tenant.transaction();
    const inserted = transaction.customers().insert(customer);
    await transaction.commit([inserted]);
  }
  console.log(`  after a commit: ${await count()} customers`);
  {
    using transaction = tenant.transaction();
    await transaction.customers().insert(customer);
  }
  console.log(`  after a disposal: ${await count()} customers`);
  {
    using transaction = tenant.transaction();
    transaction.customers().insert(customer);
    const missing = { customer: -1, item: "part", amount: 1, status: "open" };
    transaction
      .orders()
      .insert(missing)
      .catch(() => {});
    await report("  a commit after a failure", () => transaction.commit());
  }
  {
    const session = newWebSocketRpcSession<Api>(url);
    const transaction = session.login("token of acme").transaction();
    await transaction.customers().insert(customer);
    session[Symbol.dispose]();
    // It waits for the one before it, which ends with its session.
    using next = tenant.transaction();
    console.log(`  after a lost session: ${(await next.customers().list()).length} customers`);
  }
  using idle = tenant.transaction();
  await idle.customers().insert(customer);
  const reason = await new Promise<unknown>((resolve) => idle.onRpcBroken(resolve));
  console.log(`  after a pause: ${await count()} customers. ${(reason as Error).message}`);
}

async function report(title: string, run: () => PromiseLike<unknown>): Promise<void> {
  try {
    await run();
    console.log(`${title}: accepted`);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    console.log(`${title}: ${code}: ${message}`);
  }
}
