import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { Served } from "./contestant.ts";

const HOST = "127.0.0.1";

/** Listens for WebSockets on a free port of the loopback interface. */
export async function serveSockets(
  onSocket: (socket: WebSocket) => void,
  server = new WebSocketServer({ port: 0, host: HOST }),
): Promise<Served> {
  server.on("connection", onSocket);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port };
}

/** Serves HTTP on a free port of the loopback interface. */
export async function serveRequests(listener: RequestListener): Promise<Served> {
  return listen(createServer(listener));
}

export async function listen(server: Server): Promise<Served> {
  server.listen(0, HOST);
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port };
}

export function openSocket(port: number): WebSocket {
  return new WebSocket(`ws://${HOST}:${port}/`);
}

export function httpUrl(port: number): string {
  return `http://${HOST}:${port}/`;
}

/** Calls `close`, and resolves when the socket is closed. */
export async function closed(socket: WebSocket, close: () => unknown): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return;
  const event = once(socket, "close");
  close();
  await event;
}
