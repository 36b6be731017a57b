import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RpcStub } from "@capnweb/core";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { expect, it, onTestFinished } from "vitest";
import { failure } from "../../../testing/outcomes.ts";
import { runExample } from "../../../testing/run-example.ts";
import type { Api, Tenant } from "../src/api.ts";
import { Database } from "../src/database.ts";
import type { TransactionTimes } from "../src/open-transaction.ts";
import { serve } from "../src/server.ts";

it("reads, stays in its scope, and ends transactions in every way", async () => {
  expect(await runExample(import.meta.url)).toEqual([
    "A row for each customer and order:",
    "  100 orders",
    "",
    "Orders with the names of their customers, in one round trip:",
    "  100 orders; the first one: part 0 for Ada",
    "  2 queries",
    "",
    "Only the rows of a scope:",
    "  another tenant finds order 1: false",
    "  another tenant removes it: false",
    "  SQL for a column: INVALID: The table orders has no such column.",
    "  orders in a narrower scope: 25",
    "  a change that leaves it: INVALID: In this scope, orders.status is always open.",
    "",
    "Transactions:",
    "  after a commit: 5 customers",
    "  after a disposal: 5 customers",
    expect.stringMatching(/^ {2}a commit after a failure: FAILED: /),
    "  after a lost session: 5 customers",
    expect.stringMatching(/^ {2}after a pause: 5 customers\. .*rolled back after 300 ms/),
  ]);
});

async function start(times?: TransactionTimes) {
  const server = await serve({ times });
  const sessions: Disposable[] = [];
  onTestFinished(async () => {
    for (const session of sessions) session[Symbol.dispose]();
    await server.close();
  });
  const login = (name: string): RpcStub<Tenant> => {
    const api = newWebSocketRpcSession<Api>(server.url);
    sessions.push(api);
    return api.login(`token of ${name}`) as unknown as RpcStub<Tenant>;
  };
  return { acme: login("acme"), globex: login("globex"), login };
}

const ADA = { name: "Ada", city: "Oslo" };

it("refuses texts that it couldn't give back", async () => {
  const { acme } = await start();
  for (const name of ["Ada\0", "\ud800"]) {
    const outcome = await failure(acme.customers().insert({ ...ADA, name }));
    expect(outcome).toMatchObject({ code: "INVALID" });
  }
  const id = await acme.customers().insert({ ...ADA, name: "\u{1f600} \u0001" });
  expect(await acme.customers().get(id)).toMatchObject({ name: "\u{1f600} \u0001" });
});

it("rolls transactions back when the database is closed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "database-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const database = await Database.create(join(folder, "shop.db"));
  const scope = new Map([["tenant", "acme"]]);
  const { signal } = new AbortController();
  const transaction = new RpcStub(await database.begin("acme", scope, "write", signal));
  await transaction.customers().insert(ADA);
  database[Symbol.dispose]();
  expect(await failure(transaction.commit())).toMatchObject({ code: "OVER" });
});

it("keeps rows from a tenant that knows their ids", async () => {
  const { acme, globex } = await start();
  const id = await acme.customers().insert(ADA);
  expect(await globex.customers().get(id)).toBeUndefined();
  expect(await globex.customers().update(id, { name: "Eve" })).toBe(false);
  expect(await globex.customers().remove(id)).toBe(false);
  const order = { customer: id, item: "gear", amount: 1, status: "open" };
  expect(await failure(globex.orders().insert(order))).toMatchObject({ code: "CONSTRAINT" });
  expect(await acme.customers().get(id)).toEqual({ id, ...ADA });
});

it.each([
  "tenant",
  "__proto__",
  "constructor",
  "name = name --",
  'name"; DROP TABLE customers; --',
])("accepts no column %s", async (name) => {
  const { acme } = await start();
  const id = await acme.customers().insert(ADA);
  const customers = acme.customers() as any;
  const values = JSON.parse(`{${JSON.stringify(name)}: "acme"}`);
  expect(await failure(customers.list({ orderBy: name }))).toMatchObject({ code: "INVALID" });
  for (const attempt of [
    () => customers.list({ where: values }),
    () => customers.where(values),
    () => customers.insert({ ...ADA, [name]: "globex" }),
    () => customers.update(id, { [name]: "globex" }),
  ]) {
    const outcome = await attempt().then(
      (value: unknown) => value,
      (error: { code?: string }) => error.code,
    );
    // Members with names of Object.prototype never arrive.
    if (!(name in {})) expect(outcome).toBe("INVALID");
  }
  expect(await customers.get(id)).toEqual({ id, ...ADA });
});

it("stores SQL in a value as text", async () => {
  const { acme } = await start();
  const name = "'); DROP TABLE customers; --";
  const id = await acme.customers().insert({ ...ADA, name });
  expect(await acme.customers().list({ where: { name } })).toEqual([{ id, ...ADA, name }]);
});

it("hands on a scope that neither insert nor update can leave", async () => {
  const { acme } = await start();
  using oslo = await acme.customers().where({ city: "Oslo" });
  const id = await oslo.insert({ name: "Ada" });
  const bob = await acme.customers().insert({ name: "Bob", city: "Rome" });
  expect(await oslo.list()).toEqual([{ id, ...ADA }]);
  expect(await oslo.get(bob)).toBeUndefined();
  for (const attempt of [
    oslo.insert({ name: "Eve", city: "Rome" }),
    oslo.where({ city: "Rome" }),
  ]) {
    expect(await failure(attempt)).toMatchObject({ code: "INVALID" });
  }
  expect(await failure(oslo.update(id, { city: "Rome" }))).toMatchObject({ code: "INVALID" });
});

it("lets a transaction that writes wait for the one before it", async () => {
  const { acme, globex } = await start();
  using first = await acme.transaction();
  const second = globex.transaction();
  const ends: string[] = [];
  const waiting = second
    .customers()
    .insert(ADA)
    .then(() => ends.push("second"));
  await first.customers().insert(ADA);
  ends.push("first");
  await first.commit();
  await waiting;
  await second.commit();
  expect(ends).toEqual(["first", "second"]);
  expect(await failure(first.customers().list())).toMatchObject({ code: "OVER" });
});

it("gives up the wait of a client that has left", async () => {
  const { acme, globex, login } = await start();
  using first = await acme.transaction();
  const left = globex.transaction();
  left[Symbol.dispose]();
  await first.commit();
  using next = await login("globex").transaction();
  await next.customers().insert(ADA);
  await next.commit();
});

it("takes the lock from a client that keeps a transaction open without using it", async () => {
  const { acme, globex } = await start({ idle: 50, total: 60_000 });
  using held = await acme.transaction();
  const inserted = await globex.customers().insert(ADA);
  expect(inserted).toBeGreaterThan(0);
  expect(await failure(held.commit())).toMatchObject({ code: "LATE" });
});

it("takes the lock from a client that uses its transaction for ever", async () => {
  const { acme } = await start({ idle: 60_000, total: 100 });
  using held = await acme.transaction();
  const error = await failure(
    (async () => {
      for (;;) await held.customers().list();
    })(),
  );
  expect(error).toMatchObject({ code: "LATE" });
});

it("shows a reading transaction the data of its begin, and lets it write nothing", async () => {
  const { acme } = await start();
  using reading = await acme.transaction("read");
  expect(await reading.customers().list()).toEqual([]);
  await acme.customers().insert(ADA);
  expect(await reading.customers().list()).toEqual([]);
  expect(await failure(reading.customers().insert(ADA))).toMatchObject({ code: "INVALID" });
});

it("leaves connections to other tenants, however many transactions one begins", async () => {
  const { acme, globex } = await start();
  using _one = await acme.transaction("read");
  using two = await acme.transaction("read");
  expect(await failure(acme.transaction("read"))).toMatchObject({ code: "TOO_MANY_TRANSACTIONS" });
  using _other = await globex.transaction("read");
  await two.rollback();
  using _three = await acme.transaction("read");
});
