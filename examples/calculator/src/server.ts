import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { Calculator } from "./calculator.ts";

/** Serves calculators on a free port of this machine. */
export async function serve(): Promise<{ url: string; close(): void }> {
  const server = createServer();
  const sessions = attachWebSocketRpc(server, () => new Calculator());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      sessions.close();
      server.close();
    },
  };
}
