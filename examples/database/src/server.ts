import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachWebSocketRpc } from "@capnweb/transport-ws/node";
import { Api } from "./api.ts";
import { Database, type DatabaseOptions } from "./database.ts";

/** Serves a new database on a free port of this machine, and deletes it afterwards. */
export async function serve(options: DatabaseOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), "capnweb-database-"));
  const database = await Database.create(join(folder, "shop.db"), options);
  const server = createServer();
  const sessions = attachWebSocketRpc(server, () => new Api(database));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    database,
    async close() {
      sessions.close();
      server.close();
      await once(server, "close");
      database[Symbol.dispose]();
      await rm(folder, { recursive: true });
    },
  };
}
