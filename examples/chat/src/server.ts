import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Durable, offerDurable } from "@capnweb/durable";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { Chat } from "./chat.ts";
import { openDatabase } from "./database.ts";
import { loadKeys } from "./keys.ts";

export interface ServerOptions {
  /** The port; 0 picks a free one. */
  readonly port: number;
  /** The folder of the database and the key. */
  readonly folder: string;
  readonly rooms: readonly string[];
}

/** Starts the server of sessions, at `/api` of the loopback interface. */
export async function startServer({ port, folder, rooms }: ServerOptions) {
  mkdirSync(folder, { recursive: true });
  const database = openDatabase(join(folder, "chat.db"));
  const chat = new Chat(database, rooms);
  const durable = new Durable({
    classes: { member: chat.memberClass },
    keys: loadKeys(join(folder, "key")),
  });
  const host = new RpcHost({
    createMain: (_context, { request }) => offerDurable(chat.lobby(request.address), durable),
    // A member whose network is away for longer isn't present any more.
    resume: { window: 10_000 },
  });
  const server = createServer();
  attachHost(host, server, { path: "/api" });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    host,
    server,
    database,
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async stop() {
      await host.close();
      server.close();
      server.closeAllConnections();
      database.close();
    },
  };
}
