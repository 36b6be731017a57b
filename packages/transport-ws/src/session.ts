import {
  type RpcCompatible,
  type RpcSessionOptions,
  type RpcStub,
  startSession,
} from "@capnweb/core";
import { connectTo } from "./connect.ts";
import {
  type SocketFailure,
  type WebSocketOptions,
  WebSocketPushTransport,
} from "./push-transport.ts";
import type { WebSocketLike } from "./socket.ts";

/** Options of a session over a WebSocket. */
export interface WebSocketSessionOptions extends RpcSessionOptions, WebSocketOptions {}

/**
 * Starts a session over a WebSocket, on either side.
 *
 * @param webSocket a URL to connect to, or a socket: open or still connecting, standard or of the
 *   `ws` package. The session owns it, and closes it with code 3000 when the session ends
 * @param localMain the peer's main object; the session owns it
 * @param options the session's options. A server that accepts sockets by itself, as in Deno,
 *   passes `limits: "server"`
 * @returns the stub of the peer's main object. Calls may be made at once: they wait for the
 *   socket. Disposing of the stub ends the session
 * @throws WebSocketUrlError for text that isn't the URL of a WebSocket
 * @throws TypeError for anything that is neither a URL nor a socket
 * @throws NoWebSocketError for a URL where the runtime has no `WebSocket`. In Node 20, use the
 *   entry `@capnweb/transport-ws/node`
 *
 * @example
 * ```ts
 * using api = newWebSocketRpcSession<Api>("wss://example.com/api");
 * console.log(await api.greet("world"));
 * ```
 */
export function newWebSocketRpcSession<T extends RpcCompatible<T> = undefined>(
  webSocket: WebSocketLike | string | URL,
  localMain?: unknown,
  options: WebSocketSessionOptions = {},
): RpcStub<T> {
  const socket =
    typeof webSocket === "string" || webSocket instanceof URL ? connectTo(webSocket) : webSocket;
  return startOn<T>(socket, localMain, options);
}

/** Starts a session as {@link newWebSocketRpcSession} does, on a socket. */
export function startOn<T extends RpcCompatible<T>>(
  socket: WebSocketLike,
  localMain: unknown,
  options: WebSocketSessionOptions,
  failureOf?: SocketFailure,
): RpcStub<T> {
  if (typeof (socket as Partial<WebSocketLike> | undefined)?.addEventListener !== "function") {
    throw new TypeError("newWebSocketRpcSession takes a URL (ws: or wss:) or a WebSocket.");
  }
  const transport = new WebSocketPushTransport(socket, options, failureOf);
  // Tells the transport that the sender announces the end of each turn, the first included: no
  // wrapper stands between it and the session.
  transport.flush();
  return startSession<T>(transport, localMain, options);
}
