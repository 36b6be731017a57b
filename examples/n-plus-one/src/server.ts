import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { Api } from "./api.ts";
import type { People } from "./database.ts";

/** A server on a free port of this machine. */
export async function serve(people: People): Promise<{ url: string; close(): void }> {
  const server = createServer();
  attachWebSocketRpc(server, () => new Api(people));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
