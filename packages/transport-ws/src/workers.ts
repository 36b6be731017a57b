import { type RpcSessionOptions, startSession } from "@capnweb/core";
import type { WebSocketLike } from "./socket.ts";
import { WebSocketPushTransport } from "./transport.ts";

interface AcceptableWebSocket extends WebSocketLike {
  accept(): void;
}
type WebSocketPairClass = new () => { 0: WebSocketLike; 1: AcceptableWebSocket };

/**
 * Answers a WebSocket upgrade request in Cloudflare Workers (workerd) and starts a session on it.
 *
 * @param localMain what the client gets as its main stub; the session owns it
 * @returns the response to return from the `fetch` handler: 101, or 400 for any other request
 *
 * @example
 * ```ts
 * export default { fetch: (request) => newWorkersWebSocketRpcResponse(request, new Api()) };
 * ```
 */
export function newWorkersWebSocketRpcResponse(
  request: Request,
  localMain?: unknown,
  options?: RpcSessionOptions,
): Response {
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    return new Response("This endpoint only accepts WebSocket requests.", { status: 400 });
  }
  const { WebSocketPair } = globalThis as unknown as { WebSocketPair: WebSocketPairClass };
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  startSession(new WebSocketPushTransport(server), localMain, options);
  return new Response(null, { status: 101, webSocket: client } as ResponseInit);
}
