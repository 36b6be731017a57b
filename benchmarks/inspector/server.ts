// The server of measure.ts: the same host several times, recorded or not.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { RpcTarget } from "@capnweb/core";
import { attachHost, RpcHost } from "@capnweb/host/node";
import { inspect } from "@capnweb/inspector";

class Api extends RpcTarget {
  echo(value: unknown) {
    return value;
  }
}

async function start(details: boolean | undefined): Promise<number> {
  const host = new RpcHost({ createMain: () => new Api() });
  const server = createServer();
  attachHost(host, server, { path: "/api" });
  if (details !== undefined) {
    inspect(host, { server, authorize: () => true, details });
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

process.send!({
  plain: await start(undefined),
  recorded: await start(false),
  watched: await start(false),
  detailed: await start(true),
});
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send!(user + system);
});
process.on("disconnect", () => process.exit());
