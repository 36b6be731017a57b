import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

/** An HTTP server on a free port, stopped when the test is over. */
export async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => connections.add(socket));
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}
