import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { currentCall, type RpcTarget } from "@capnweb/core";
import { attachHost, closeOnSignals, RpcHost } from "@capnweb/host/node";
import type { Connection, ConnectOptions } from "@capnweb/reconnect";
import { webSocketTransport } from "@capnweb/transport-ws/node";
import type { SpanRecord } from "./span-tree.ts";
import type { Telemetry } from "./telemetry.ts";

/** A message of a service to the process that has started it. */
export type Report = { url: string } | { spans: SpanRecord[] };

/**
 * Serves objects on a free port, with health checks. At `SIGTERM`, the service ends its calls
 * before it ends.
 *
 * @param connections the service's connections to others, which it closes at its end
 */
export async function serve(
  createMain: () => RpcTarget,
  telemetry: Telemetry,
  connections: readonly Connection<any>[] = [],
): Promise<void> {
  // Without the program that has started it, nothing would end it.
  if (!process.connected) process.exit(1);
  process.once("disconnect", () => process.exit(1));
  // Ready means that its own services are there too.
  await Promise.all(connections.map((connection) => connection.ready()));
  const host = new RpcHost({ createMain, ...telemetry.options });
  const server = createServer();
  attachHost(host, server, { path: "/rpc" });
  closeOnSignals(host, {
    deadline: 10_000,
    servers: [server],
    async onDrained() {
      for (const connection of connections) connection.close();
      await report({ spans: telemetry.spans() });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await report({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/**
 * Options for a connection to another service.
 *
 * @param url its address, usually a variable of the environment
 */
export function toService(url: string | undefined, telemetry: Telemetry): ConnectOptions {
  if (url === undefined) throw new Error("Set the addresses of the services in the environment.");
  return {
    ...telemetry.options,
    open: ({ signal }) => webSocketTransport(`${url}/rpc`, { signal }),
  };
}

/** Prints the method of the call that runs, and the time that its caller leaves for it. */
export function logDeadline(method: string): void {
  const { deadline } = currentCall();
  const left = deadline === undefined ? "unlimited" : (deadline - Date.now()).toFixed();
  console.log(`${method}: ${left} ms left`);
}

async function report(message: Report): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.send!(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}
