import { setTimeout as delay } from "node:timers/promises";
import { newWebSocketRpcSession } from "@capnweb/transport-ws/node";
import { startShop } from "./server.ts";
import type { Shop } from "./shop.ts";
import { visit } from "./visit.ts";

const { url, pageUrl } = await startShop(Number(process.env["PORT"] ?? 8080));
console.log(`The inspector shows the visits: ${pageUrl}`);

const shop = newWebSocketRpcSession<Shop>(url);
for (;;) {
  for (const name of ["Ada", "Grace", "Edsger"]) {
    await visit(shop, name);
    await delay(2_000);
  }
}
