import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { RpcTarget } from "@capnweb/core";
import { onTestFinished } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createApi } from "../../../testing/api.ts";
import { listen as listenOverHttp } from "../../../testing/http-server.ts";
import { newWebSocketRpcSession } from "../src/index.ts";
import { type AttachOptions, attachWebSocketRpc, type ContextOptions } from "../src/node.ts";

export class Api extends createApi(RpcTarget) {}

/** A server of `ws` sockets, stopped when the test is over. */
export async function serve(onConnection?: (socket: WebSocket) => void) {
  const http = createServer().listen(0, "127.0.0.1");
  await once(http, "listening");
  const sockets = new WebSocketServer({ server: http });
  const accepted: WebSocket[] = [];
  const disposed: string[] = [];
  sockets.on("connection", (socket) => {
    accepted.push(socket);
    if (onConnection) onConnection(socket);
    else newWebSocketRpcSession(socket, new Api(disposed));
  });
  onTestFinished(async () => {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
    await once(http, "close");
  });
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  return { http, url, accepted, disposed, open: () => new WebSocket(url) };
}

/** The reason for a session's end, once it is over. */
export const broken = (api: any) => new Promise<any>((resolve) => api.onRpcBroken(resolve));

/** An HTTP server that `attachWebSocketRpc` serves, stopped when the test is over. */
export async function listen(
  options: AttachOptions<any>,
  createMain: Parameters<typeof attachWebSocketRpc>[1] = () => new Api(),
) {
  const { server, port } = await listenOverHttp();
  const attached = attachWebSocketRpc(server, createMain, options as ContextOptions<any>);
  onTestFinished(() => attached.close());
  return { server, attached, port, url: (path: string) => `ws://127.0.0.1:${port}${path}` };
}

/** A connection that asked for a WebSocket, without a library that obeys the rules. */
export function rawUpgrade(port: number, headers: Readonly<Record<string, string>> = {}): Socket {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  const all = {
    Host: `127.0.0.1:${port}`,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET / HTTP/1.1\r\n${lines.join("")}\r\n`);
  return socket;
}

/** A client's frame, with a mask that changes nothing. */
export function frame(opcode: number, payload: string | Uint8Array = "", isFinal = true): Buffer {
  const bytes = Buffer.from(payload as string);
  if (bytes.length > 125) throw new RangeError("Only short frames.");
  const head = Buffer.from([(isFinal ? 0x80 : 0) | opcode, 0x80 | bytes.length, 0, 0, 0, 0]);
  return Buffer.concat([head, bytes]);
}
