/**
 * Cap'n Web sessions over WebSockets in Node, with the `ws` package (a peer dependency of this
 * entry): clients for Nodes without a `WebSocket` of their own, and servers.
 *
 * @packageDocumentation
 */
import type { IncomingMessage, Server } from "node:http";
import type { Server as HttpsServer } from "node:https";
import type { Duplex } from "node:stream";
import type { RpcCompatible, RpcStub } from "@capnweb/core";
import * as ws from "ws";
import { type WebSocket, WebSocketServer } from "ws";
import { newWebSocketRpcSession as newSession, type WebSocketSessionOptions } from "./session.ts";
import type { WebSocketLike } from "./socket.ts";

/** Options of a client session in Node. */
export interface NodeWebSocketSessionOptions extends WebSocketSessionOptions {
  /** Sent with the upgrade request; only where a URL is given. */
  headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * As the main entry's function, with a socket of the `ws` package for a URL.
 *
 * @param webSocket a URL to connect to, or a socket; the session owns it
 * @param localMain what the peer gets as its main stub; the session owns it
 * @returns the stub of the peer's main object. Disposing of it ends the session
 * @throws SyntaxError for what is no WebSocket URL
 *
 * @example
 * ```ts
 * const headers = { Authorization: `Bearer ${token}` };
 * using api = newWebSocketRpcSession<Api>("wss://example.com/api", undefined, { headers });
 * ```
 */
export function newWebSocketRpcSession<T extends RpcCompatible<T> = undefined>(
  webSocket: WebSocketLike | string | URL,
  localMain?: unknown,
  options: NodeWebSocketSessionOptions = {},
): RpcStub<T> {
  const socket =
    typeof webSocket === "string" || webSocket instanceof URL
      ? new ws.WebSocket(webSocket, options.headers ? { headers: options.headers } : {})
      : webSocket;
  return newSession<T>(socket, localMain, options);
}

/** Options of {@link attachWebSocketRpc}. */
export interface AttachOptions extends WebSocketSessionOptions {
  /**
   * The path that is served; upgrades of others are left to other listeners, and answered with 404 where
   * there are none. Default: every path.
   */
  path?: string | undefined;
  /**
   * Decides on an upgrade before it is accepted, by its `Origin` or credentials, say. WebSockets
   * are not subject to the same-origin policy: a server that trusts cookies must look at the origin.
   */
  authorize?: ((request: IncomingMessage) => boolean | Promise<boolean>) | undefined;
  /** Largest message accepted, in bytes; a larger one closes the socket with 1009. Default 96 MiB. */
  maxPayload?: number | undefined;
}

/** Three bytes of UTF-8 for each of the 32 Mi code units that a message may have. */
const DEFAULT_MAX_PAYLOAD = 96 * 1024 * 1024;

/** What {@link attachWebSocketRpc} returns. */
export interface AttachedRpc {
  /** Stops accepting, and closes every connection with 1001. The HTTP server stays as it is. */
  close(): void;
}

/**
 * Serves sessions on the WebSockets that clients open on an HTTP server.
 *
 * @param createMain makes the main object of a connection; its session owns it
 *
 * @example
 * ```ts
 * const server = http.createServer().listen(8080);
 * attachWebSocketRpc(server, () => new Api(), { path: "/api" });
 * ```
 */
export function attachWebSocketRpc(
  server: Server | HttpsServer,
  createMain: (request: IncomingMessage) => unknown,
  options: AttachOptions = {},
): AttachedRpc {
  const { path, authorize } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxPayload ?? DEFAULT_MAX_PAYLOAD,
  });
  let closed = false;
  const onUpgrade = async (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (path !== undefined && pathOf(request) !== path) {
      // Nobody else would ever answer, nor close the connection.
      if (server.listenerCount("upgrade") === 1) refuse(stream, "404 Not Found");
      return;
    }
    // Nobody else listens until the upgrade is done, and an unheard error ends the process.
    const onError = () => stream.destroy();
    stream.on("error", onError);
    if (authorize !== undefined && !(await isAuthorized(authorize, request))) {
      refuse(stream, "403 Forbidden");
      return;
    }
    if (closed) {
      refuse(stream, "503 Service Unavailable");
      return;
    }
    stream.off("error", onError);
    sockets.handleUpgrade(request, stream, head, (socket: WebSocket) => {
      try {
        newSession(socket, createMain(request), options);
      } catch (error) {
        socket.close(1011, "The server failed to start the session.");
        // Reported as an event listener's exception would be, without ending the other sessions.
        server.listenerCount("error") > 0 ? server.emit("error", error) : console.error(error);
      }
    });
  };
  server.on("upgrade", onUpgrade);
  return {
    close() {
      closed = true;
      server.off("upgrade", onUpgrade);
      for (const socket of sockets.clients) socket.close(1001, "The server is shutting down.");
    },
  };
}

/** Answers an upgrade that isn't accepted. */
function refuse(stream: Duplex, status: string): void {
  // A client that is gone already is no error of the server's.
  stream.on("error", () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

async function isAuthorized(
  authorize: NonNullable<AttachOptions["authorize"]>,
  request: IncomingMessage,
): Promise<boolean> {
  try {
    return await authorize(request);
  } catch {
    return false;
  }
}
