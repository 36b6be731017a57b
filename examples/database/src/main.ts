import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import type { Api } from "./api.ts";
import { addOrders, readWithNames, stayInScope, useTransactions } from "./client.ts";
import { serve } from "./server.ts";

const server = await serve({ times: { idle: 300, total: 30_000 } });
{
  using api = newWebSocketRpcSession<Api>(server.url);
  using acme = await api.login("token of acme");
  using globex = await api.login("token of globex");

  console.log("A row for each customer and order:");
  await addOrders(acme);
  console.log("\nOrders with the names of their customers, in one round trip:");
  const before = server.database.queries;
  await readWithNames(acme);
  console.log(`  ${server.database.queries - before} queries`);
  console.log("\nOnly the rows of a scope:");
  await stayInScope(acme, globex);
  console.log("\nTransactions:");
  await useTransactions(server.url, acme);
}
await server.close();
