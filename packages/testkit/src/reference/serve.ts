import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { createApplication } from "../application/application.ts";
import { bodyOf } from "../conformance/request.ts";
import { over } from "../conformance/websocket.ts";
import { IMPLEMENTATION, type ReferenceOptions, runBatch, startSession } from "./session.ts";

/** Options of {@link serveReference}. */
export interface ReferenceServerOptions extends ReferenceOptions {
  /** The TCP port; 0 picks a free one. Default 0. */
  readonly port?: number | undefined;
  /** The address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Called with each message of a session, and its sender. */
  readonly onMessage?: ((from: "client" | "server", message: string) => void) | undefined;
}

/** A running reference server. */
export interface ReferenceServer {
  /** `host:port`, for `ws:` and `http:` URLs. */
  readonly address: string;
  /** Stops listening, and closes every connection. */
  close(): Promise<void>;
}

/** Most bytes in the body of a batch. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Serves the application of docs/conformance.md over WebSockets and HTTP batches, for clients that
 * are being built. Each connection and each batch has an application of its own.
 *
 * @throws the system's error, if it can't listen
 *
 * @example
 * ```ts
 * const server = await serveReference();
 * console.log(`Connect to ws://${server.address}/`);
 * await server.close();
 * ```
 */
export async function serveReference(
  options: ReferenceServerOptions = {},
): Promise<ReferenceServer> {
  const { port = 0, host = "127.0.0.1", onMessage } = options;
  const server = createServer((request, response) => void answer(request, response));
  server.listen(port, host);
  await once(server, "listening");
  const sockets = new WebSocketServer({ server, maxPayload: MOST_BYTES });
  sockets.on("connection", (socket) => {
    startSession(
      (listener) => {
        const { send, close } = over(socket, {
          ...listener,
          message(text) {
            onMessage?.("client", text);
            listener.message(text);
          },
        });
        return {
          close,
          send(text) {
            onMessage?.("server", text);
            send(text);
          },
        };
      },
      createApplication(IMPLEMENTATION),
      options,
      true,
    );
  });
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") {
    response
      .writeHead(405, { allow: "POST" })
      .end("Send a batch with POST, or open a WebSocket.\n");
    return;
  }
  const body = await bodyOf(request, MOST_BYTES);
  if (body === undefined) {
    response.writeHead(413).end(`A batch has at most ${MOST_BYTES} bytes.\n`);
    return;
  }
  try {
    const messages = await runBatch(body, createApplication(IMPLEMENTATION));
    response.setHeader("content-type", "text/plain;charset=UTF-8");
    response.end(messages);
  } catch (error) {
    if (!response.headersSent) response.writeHead(400);
    response.end(`${(error as Error).message}\n`);
  }
}
