import { callOptions } from "@capnweb/core";
import { connect } from "@capnweb/reconnect";
import type { Gateway } from "./gateway.ts";
import { start } from "./processes.ts";
import { toService } from "./service.ts";
import { treeOf } from "./span-tree.ts";
import { startTelemetry } from "./telemetry.ts";

const users = await start("users");
const orders = await start("orders", { USERS_URL: users.url });
const gateway = await start("gateway", { USERS_URL: users.url, ORDERS_URL: orders.url });
const services = [gateway, orders, users];
for (const service of services) console.log(`${service.name}: ${await service.check("/ready")}`);

const telemetry = startTelemetry("client");
const connection = connect<Gateway>(toService(gateway.url, telemetry));
await connection.ready();

console.log("\nA call through all services, with a deadline:");
using patient = callOptions(connection.api, { timeout: 30_000 });
const { name, orders: items } = await patient.overview(1);
console.log(`${name}: ${items.map(({ item, price }) => `${item} for ${price}`).join(", ")}`);

console.log("\nA call whose deadline passes:");
using impatient = callOptions(connection.api, { timeout: 3_000 });
await impatient.report().catch(({ code }) => console.log(`client: ${code}`));

console.log("\nA call during a SIGTERM:");
const archived = await connection.api.archive(1, async () => {
  gateway.terminate();
  let answer = await gateway.check("/ready");
  while (answer.startsWith("200")) answer = await gateway.check("/ready");
  console.log(`gateway: ${answer}`);
  return true;
});
console.log(`client: ${archived} orders are archived`);
connection.close();

// Each service ends after those that call it. The gateway has been told already.
const spans = telemetry.spans();
for (const service of services) {
  if (service !== gateway) service.terminate();
  spans.push(...(await service.ended()));
  console.log(`${service.name}: drained`);
}

const { traceId } = spans.find(({ name }) => name === "overview")!;
console.log(`\nThe trace ${traceId}:`);
for (const line of treeOf(spans.filter((span) => span.traceId === traceId))) console.log(line);
